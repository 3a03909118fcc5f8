using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using ArchUnitNET.Domain;
using ArchUnitNET.Loader;

namespace RunnerWebhook.Tests.Architecture;

/// <summary>The rooms of some source folders, in order: each room sees only those before it.</summary>
/// <param name="Prefix">What the namespaces of the rooms begin with, with a dot at the end.</param>
/// <param name="Rooms">The rooms, lowest first.</param>
internal sealed partial record Staircase(string Prefix, ImmutableArray<string> Rooms)
{
    /// <summary>The core. CONTRIBUTING shows the same list.</summary>
    public static Staircase Core { get; } = new("RunnerWebhook.Core.",
    [
        "Json", "Workloads", "Outcomes", "PodSecurity", "Registration", "Policy", "Settings", "Resolution", "Injection",
        "Exporting", "Admission", "Explaining",
    ]);

    /// <summary>The executable and its own libraries.</summary>
    public static Staircase Executable { get; } = new("RunnerWebhook.",
    [
        "Yaml", "GitLab", "Configuration", "Manifests", "Kubernetes", "Logging", "Health", "Certificates", "Tokens", "Check",
        "Serve", "Playground", "Cli",
    ]);

    private static readonly string Sources = Path.Combine(RepositoryFiles.Root, "src");

    private static readonly ArchUnitNET.Domain.Architecture Compiled = new ArchLoader().LoadAssemblies(
        typeof(RunnerWebhook.Core.Injection.Injector).Assembly, typeof(RunnerWebhook.Yaml.YamlFile).Assembly,
        typeof(ProgramVersion).Assembly).Build();

    /// <summary>Every use of one room by another: what the compiler sees, and what the source says, as constants and
    /// idle <c>using</c> lines leave no trace in the assembly.</summary>
    public ImmutableArray<Arrow> Arrows() =>
        [.. Written().Concat(Linked()).Where(arrow => arrow.From != arrow.To && Rooms.Contains(arrow.To)).Distinct()];

    /// <summary>The arrows that point up, or that begin outside of all rooms.</summary>
    public ImmutableArray<Arrow> Upwards() => [.. Arrows().Where(arrow => Rooms.IndexOf(arrow.From) < Rooms.IndexOf(arrow.To))];

    /// <summary>The uses that one source text makes of rooms, as if it were a file of a room.</summary>
    public IEnumerable<Arrow> WrittenIn(string text, string file)
    {
        if (RoomOf(Namespace().Match(text).Groups[1].Value) is not { } from)
        {
            yield break;
        }

        foreach (Match use in Regex.Matches(text, Regex.Escape(Prefix) + @"(\w+)"))
        {
            yield return new(from, use.Groups[1].Value, file);
        }

        // Inside of a namespace its siblings can be named without their parent, as in Settings.RunnerProfile.
        foreach (Match use in Regex.Matches(text, @"(?<![\w.""])(\w+)\.([A-Z]\w*)"))
        {
            if (Rooms.Contains(use.Groups[1].Value) && IsType(use.Groups[1].Value, use.Groups[2].Value))
            {
                yield return new(from, use.Groups[1].Value, file);
            }
        }
    }

    /// <summary>The namespaces of source files that begin like those of the rooms and name none of them.</summary>
    public IEnumerable<string> Homeless() => Files()
        .Select(file => Namespace().Match(File.ReadAllText(file)).Groups[1].Value + ".")
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal) && RoomOf(name) is null).Distinct();

    /// <summary>The number of files of each room that use each other room: rows use columns.</summary>
    public string Matrix()
    {
        var arrows = Written().Distinct().ToLookup(arrow => (arrow.From, arrow.To));
        var width = Rooms.Max(room => room.Length);
        var text = new StringBuilder().Append(' ', width);
        foreach (var room in Rooms)
        {
            text.Append(' ').Append(room[..Math.Min(4, room.Length)].PadLeft(4));
        }

        foreach (var from in Rooms)
        {
            text.Append('\n').Append(from.PadRight(width));
            foreach (var to in Rooms)
            {
                var count = arrows[(from, to)].Count();
                text.Append(' ').Append((from == to ? "·" : count == 0 ? ""
                    : count.ToString(CultureInfo.InvariantCulture)).PadLeft(4));
            }
        }

        return text.Append('\n').ToString();
    }

    private static IEnumerable<string> Files() => Directory.EnumerateFiles(Sources, "*.cs", SearchOption.AllDirectories)
        .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal));

    private IEnumerable<Arrow> Written() => Files().SelectMany(file => WrittenIn(File.ReadAllText(file), Path.GetFileName(file)));

    private IEnumerable<Arrow> Linked() => Compiled.Types.SelectMany(type => type.Dependencies
        .Select(dependency => (From: RoomOf(type), To: RoomOf(dependency.Target)))
        .Where(arrow => arrow is { From: not null, To: not null })
        .Select(arrow => new Arrow(arrow.From!, arrow.To!, FileOf(type))));

    // The nested types of a file count as the file's.
    private static string FileOf(IType type) => type.FullName.Split('+')[0].Split('.')[^1].Split('`')[0] + ".cs";

    private bool IsType(string room, string name) => Compiled.Types.Any(type =>
        type.Name == name && RoomOf(type) == room);

    private string? RoomOf(IType type) => RoomOf(type.Namespace?.FullName ?? "");

    private string? RoomOf(string name) => name.StartsWith(Prefix, StringComparison.Ordinal)
        ? name[Prefix.Length..].Split('.')[0] is var room && Rooms.Contains(room) ? room : null
        : null;

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();
}

/// <summary>A use of one room by a file of another.</summary>
/// <param name="From">The room that uses.</param>
/// <param name="To">The room that is used.</param>
/// <param name="File">The file's name.</param>
internal sealed record Arrow(string From, string To, string File);
