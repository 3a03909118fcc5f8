using System.Text;
using System.Text.Json.Nodes;

namespace RunnerWebhook.Fuzz;

/// <summary>The inputs that are kept: one file for each target, one input in each line as a JSON string, in which each
/// character stands for a byte.</summary>
public static class Corpus
{
    /// <summary>The repository's folder of inputs.</summary>
    public static string Folder { get; } = Path.Combine(Root(), "tests", "corpus", "fuzz");

    /// <summary>The inputs of a target that the repository holds.</summary>
    public static IReadOnlyList<byte[]> Of(FuzzTarget target) => Read(FileOf(target));

    /// <summary>The repository's file for a target.</summary>
    public static string FileOf(FuzzTarget target) => Path.Combine(Folder, target.Name + ".jsonl");

    /// <summary>The inputs of a file; none if there is no file.</summary>
    public static IReadOnlyList<byte[]> Read(string file) => !File.Exists(file) ? [] :
        [.. File.ReadLines(file).Where(line => line.Length > 0)
            .Select(line => Encoding.Latin1.GetBytes((string)JsonNode.Parse(line)!))];

    /// <summary>Writes a file of inputs.</summary>
    public static void Write(string file, IEnumerable<byte[]> inputs) => File.WriteAllLines(file, inputs
        .Select(input => JsonValue.Create(Encoding.Latin1.GetString(input)).ToJsonString()));

    // A release's own paths are not those of this machine.
    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "RunnerWebhook.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? Environment.CurrentDirectory;
    }
}
