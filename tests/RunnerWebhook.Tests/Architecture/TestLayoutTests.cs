using System.Text.RegularExpressions;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

// Each test has an instance and a server of its own. Those that measure the process say DisableParallelization.
[assembly: Parallelization(Mode = ParallelMode.All)]

namespace RunnerWebhook.Tests.Architecture;

/// <summary>Tests are found where their subject is: folders mirror the rooms of the source, and names say subject, condition and
/// expectation.</summary>
public sealed partial class TestLayoutTests
{
    // What these hold has no room of its own: it goes through all of them, or is about the repository.
    private static readonly string[] OtherFolders = ["Architecture", "Docs", "Faults", "Fuzz", "Golden", "Oracle", "Properties", "SupplyChain"];

    private static readonly string Tests = Path.Combine(RepositoryFiles.Root, "tests");

    private static readonly string[] Files = Sources("RunnerWebhook.Tests");

    private static readonly string[] Rooms = [.. Staircase.Core.Rooms, .. Staircase.Executable.Rooms];

    // The room of each type, by its name.
    private static readonly ILookup<string, string> Types = new[]
        { typeof(RunnerWebhook.Core.Injection.Injector), typeof(RunnerWebhook.Yaml.YamlFile), typeof(ProgramVersion) }
        .SelectMany(type => type.Assembly.GetTypes()).Where(type => type.Namespace?.StartsWith("RunnerWebhook.", StringComparison.Ordinal) == true)
        .ToLookup(type => type.Name.Split('`')[0], type => type.Namespace!.Replace(".Core", "", StringComparison.Ordinal).Split('.')[1]);

    [Fact]
    public void Folders_OfTests_AreRoomsOrListed() =>
        Assert.Empty(Files.Select(Folder).Distinct().Except([.. Rooms, .. OtherFolders, ""]));

    [Fact]
    public void Namespaces_OfTests_AreTheirFolders() => Assert.All(Files, file => Assert.Equal(
        $"RunnerWebhook.Tests.{Folder(file)}".TrimEnd('.'), NamespaceLine().Match(File.ReadAllText(file)).Groups[1].Value));

    [Fact]
    public void Classes_NamedAfterAType_LieInItsRoom()
    {
        var wrong = Files.Where(file => file.EndsWith("Tests.cs", StringComparison.Ordinal) && Rooms.Contains(Folder(file)))
            .Select(file => (File: file, Subject: SubjectOf(Path.GetFileName(file)[..^"Tests.cs".Length])))
            .Where(test => test.Subject is not null && !Types[test.Subject].Contains(Folder(test.File)))
            .Select(test => $"{test.File}: {test.Subject} is in {string.Join(" and ", Types[test.Subject!])}");

        Assert.Empty(wrong);
    }

    [Fact]
    public void Methods_OfTests_SaySubjectConditionExpectation() =>
        Assert.Empty(new[] { "RunnerWebhook.Tests", "RunnerWebhook.ClusterTests" }.SelectMany(Sources)
            .SelectMany(file => TestMethod().Matches(File.ReadAllText(file))
                .Select(method => method.Groups[1].Value).Where(name => !ThreeParts().IsMatch(name))
                .Select(name => $"{Path.GetFileName(file)}: {name}")));

    // The longest type's name that a test's name begins with; one word alone is too little to tell.
    private static string? SubjectOf(string name)
    {
        var words = Word().Matches(name).Select(word => word.Value).ToArray();
        return Enumerable.Range(1, words.Length).Reverse().Where(count => count > 1 || words.Length == 1)
            .Select(count => string.Concat(words.Take(count))).FirstOrDefault(Types.Contains);
    }

    private static string Folder(string file) =>
        Path.GetRelativePath(Path.Combine(Tests, "RunnerWebhook.Tests"), file).Split('/')[..^1].FirstOrDefault("");

    private static string[] Sources(string project) =>
    [
        .. Directory.EnumerateFiles(Path.Combine(Tests, project), "*.cs", SearchOption.AllDirectories).Where(file =>
            !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal)),
    ];

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();

    [GeneratedRegex(@"^ +\[(?:Fact|Theory)\b[^\n]*\n(?: +(?!public )[^\n]*\n|\n)*? +public (?:static )?(?:async )?[\w<>]+ (\w+)\(",
        RegexOptions.Multiline)]
    private static partial Regex TestMethod();

    // A release such as 18_3 is one word.
    [GeneratedRegex(@"^[A-Z]([A-Za-z0-9]|(?<=\d)_(?=\d))*(_[A-Z0-9]([A-Za-z0-9]|(?<=\d)_(?=\d))*){2}$")]
    private static partial Regex ThreeParts();

    [GeneratedRegex("[A-Z][a-z0-9]*")]
    private static partial Regex Word();
}
