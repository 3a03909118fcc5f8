using System.Diagnostics;
using Xunit;

namespace RunnerWebhook.Tests;

/// <summary>Pipes in the place of files: opening one waits for a writer, unless it is opened without waiting.</summary>
internal static class NamedPipe
{
    /// <summary>Makes one without a writer.</summary>
    public static void Create(string path)
    {
        using var make = Process.Start("mkfifo", [path]);
        make.WaitForExit();
        Assert.Equal(0, make.ExitCode);
    }
}
