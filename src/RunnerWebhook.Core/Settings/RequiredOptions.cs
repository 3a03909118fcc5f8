namespace RunnerWebhook.Core.Settings;

/// <summary>The register options that a profile needs.</summary>
internal static class RequiredOptions
{
    /// <summary>The options without which <c>register --non-interactive</c> fails.</summary>
    public static IEnumerable<string> Missing(RunnerProfile profile)
    {
        string[] required = profile.Register["executor"] is ["docker"] ? ["url", "docker-image"] : ["url"];
        return required.Where(name => !profile.Register.TryGetValue(name, out var values) || values.All(string.IsNullOrEmpty));
    }
}
