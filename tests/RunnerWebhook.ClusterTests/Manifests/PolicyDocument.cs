namespace RunnerWebhook.ClusterTests.Manifests;

/// <summary>The guide of admission policies, whose table of golden cases that they don't cover is held to be true.</summary>
internal static class PolicyDocument
{
    /// <summary>Its path in the repository.</summary>
    public const string Path = "src/docs/guides/admission-policy.md";

    private const string Heading = "| golden case | why |";

    /// <summary>The names of the golden cases that the policies don't cover, as the guide lists them.</summary>
    public static HashSet<string> NotCovered()
    {
        var file = System.IO.Path.Combine(Webhook.Repository, Path);
        return File.ReadAllLines(file).SkipWhile(line => line != Heading).Skip(2).TakeWhile(line => line.StartsWith('|'))
            .Select(line => line.Split('`')[1]).ToHashSet(StringComparer.Ordinal);
    }
}
