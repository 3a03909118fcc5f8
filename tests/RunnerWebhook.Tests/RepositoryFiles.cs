using System.Runtime.CompilerServices;

namespace RunnerWebhook.Tests;

/// <summary>Files of the repository that tests read as they stand.</summary>
internal static class RepositoryFiles
{
    public static string Root { get; } = FindRoot();

    public static string Tests { get; } = Path.Combine(Root, "tests");

    private static string FindRoot([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", ".."));
}
