using System.Diagnostics;
using Xunit;

namespace RunnerWebhook.Tests;

/// <summary>Pipes in the place of files: who opens one waits for a writer, unless it asks not to.</summary>
internal static class NamedPipe
{
    /// <summary>Makes one that nobody writes into.</summary>
    public static void Create(string path)
    {
        using var make = Process.Start("mkfifo", [path]);
        make.WaitForExit();
        Assert.Equal(0, make.ExitCode);
    }
}
