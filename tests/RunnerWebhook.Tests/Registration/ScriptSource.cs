namespace RunnerWebhook.Tests.Registration;

/// <summary>The scripts as they are written, before they are shortened for pods.</summary>
internal static class ScriptSource
{
    public static string Hook { get; } = Read("runner.sh");

    public static string Guard { get; } = Read("guard.sh").Replace("#include runner.sh\n", Hook, StringComparison.Ordinal);

    private static string Read(string name) =>
        File.ReadAllText(Path.Combine(RepositoryFiles.Root, "src", "RunnerWebhook.Core", "Injection", "Scripts", name));
}
