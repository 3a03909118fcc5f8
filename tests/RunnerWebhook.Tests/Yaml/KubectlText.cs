using System.Globalization;

namespace RunnerWebhook.Tests.Yaml;

/// <summary>A text of <c>tests/corpus/kubectl/texts.txt</c>, whose first lines say how it is written.</summary>
internal sealed record KubectlText(string Name, string Written, string Text)
{
    private const string Yaml = "apiVersion: v1\nkind: Pod\nmetadata: {name: x, labels: {gitlab-runner: inject}}\n"
        + "spec: {containers: [{name: gitlab-runner, image: \"i:1\"}]}\n";

    private const string Json = """
        {"apiVersion":"v1","kind":"Pod","metadata":{"name":"x","labels":{"gitlab-runner":"inject"}},"spec":{"containers":[{"name":"gitlab-runner","image":"i:1"}]}}
        """;

    private static readonly string[] Groups = ["plain", "scalars", "keys", "quoted", "flow", "block", "collections",
        "documents", "marks and lines", "json", "lists", "shapes"];

    /// <summary>All texts.</summary>
    public static IReadOnlyList<KubectlText> All { get; } = [.. Read()];

    /// <summary>The folder of the corpus.</summary>
    public static string Folder => Path.Combine(RepositoryFiles.Root, "tests", "corpus", "kubectl");

    private static IEnumerable<KubectlText> Read()
    {
        var (group, count) = ("", 0);
        foreach (var line in File.ReadAllText(Path.Combine(Folder, "texts.txt")).Split('\n').Skip(3).Where(line => line.Length > 0))
        {
            if (Groups.FirstOrDefault(name => line == $"[{name}]") is { } next)
            {
                (group, count) = (next, 0);
                continue;
            }

            count++;
            yield return new(string.Create(CultureInfo.InvariantCulture, $"{group} {count}"), line, Expand(line));
        }
    }

    private static string Expand(string line)
    {
        var text = line.StartsWith('!') ? line[1..] : "◇" + line;
        text = text.EndsWith('∎') ? text[..^1] : text + "⏎";
        return text.Replace('⏎', '\n').Replace('→', '\t').Replace('␍', '\r').Replace('◊', '\uFEFF').Replace('␅', '\u0085')
            .Replace('␤', '\u2028').Replace("◇", Yaml, StringComparison.Ordinal).Replace("◆", Json, StringComparison.Ordinal);
    }
}
