using System.Text;

namespace RunnerWebhook.Tests.Configuration;

/// <summary>Bad configurations: those of <c>tests/corpus/configuration</c>, and those that are too big to keep.</summary>
internal static class ConfigurationCorpus
{
    public const string Head = "apiVersion: runner-webhook/v1\nkind: Configuration\n";

    public static string Folder { get; } = Path.Combine(RepositoryFiles.Tests, "corpus", "configuration");

    public static string[] Files { get; } =
        [.. Directory.GetFiles(Folder, "*.yaml").Order(StringComparer.Ordinal)];

    /// <summary>Files of up to 5 MB, by name.</summary>
    public static IReadOnlyDictionary<string, byte[]> Big { get; } = new Dictionary<string, string>
    {
        ["5 MB of comments"] = Head + Repeated("# nothing to see here\n", 5_000_000) + "profiles: []\n",
        ["5 MB of one text"] = Head + "x: '" + new string('x', 5_000_000) + "'\n",
        ["1 MiB of unknown keys"] = Head + Numbered(i => $"k{i}: 1\n"),
        ["1 MiB of unknown options"] = Head + "profiles:\n  default:\n    register:\n" + Numbered(i => $"      k{i}: 1\n"),
        ["1 MiB of bad profiles"] = Head + "profiles:\n" + Numbered(i => $"  p{i}: []\n"),
        ["1 MiB of bad rules"] = Head + "policy:\n" + Numbered(_ => "  - {}\n"),
        ["1 MiB of bad tags"] = Head + "profiles:\n  default:\n    register:\n      tag-list: [\n"
            + Numbered(i => $"        'a,{i}',\n") + "      ]\n",
        ["1 MiB of duplicate keys"] = Head + Repeated("a: 1\n", 1_000_000),
        ["1 MiB of brackets"] = new string('[', 1_000_000),
        ["1 MiB of braces"] = Repeated("{a: ", 1_000_000),
        ["1 MiB of dashes"] = Repeated("- ", 1_000_000),
        ["1 MiB of quotes"] = Head + "a: \"" + Repeated("\\\"", 1_000_000),
        ["1 MiB of anchors"] = Head + Numbered(i => $"a{i}: &a{i} [*a{Math.Max(0, i - 1)}]\n"),
        ["1 MiB of aliases"] = "a: &a [b]\nc: [" + Repeated("*a, ", 1_000_000) + "]\n",
        ["1 MiB of merge keys"] = "a: &a {b: c}\nd: {<<: [" + Repeated("*a, ", 1_000_000) + "]}\n",
        ["1 MiB of noise"] = Noise(),
    }.ToDictionary(file => file.Key, file => Encoding.UTF8.GetBytes(file.Value));

    private static string Repeated(string text, int length) => string.Concat(Enumerable.Repeat(text, length / text.Length));

    private static string Numbered(Func<int, string> line)
    {
        var text = new StringBuilder();
        for (var i = 0; text.Length < 1_000_000; i++)
        {
            text.Append(line(i));
        }

        return text.ToString();
    }

    private static string Noise()
    {
        var state = 42u;
        return string.Concat(Enumerable.Range(0, 900_000).Select(_ =>
            (char)(' ' + ((state = unchecked((state * 1_664_525) + 1_013_904_223)) >> 16) % ('\u007f' - ' '))));
    }
}
