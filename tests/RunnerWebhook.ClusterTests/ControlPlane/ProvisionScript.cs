using System.Diagnostics;

namespace RunnerWebhook.ClusterTests.ControlPlane;

/// <summary>Scripts that fetch or build what tests need, once, and print where it is as their last line.</summary>
internal static class ProvisionScript
{
    // The longest of them takes about five minutes on two idle cores.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(25);

    /// <summary>Runs a script.</summary>
    /// <param name="script">The script.</param>
    /// <param name="problem">What it means where the script fails, for the reason to skip.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <returns>The path; or null with the reason to skip.</returns>
    /// <exception cref="InvalidOperationException">The script failed, and with CI=true nothing may be skipped.</exception>
    public static async Task<(string? Path, string SkipReason)> Run(string script, string problem, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("bash", [script, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        using var timeout = new CancellationTokenSource(Patience);
        var output = process.StandardOutput.ReadToEndAsync(timeout.Token);
        var last = "";
        while (await process.StandardError.ReadLineAsync(timeout.Token) is { } line)
        {
            last = line;
            await Console.Error.WriteLineAsync(line);
        }

        await process.WaitForExitAsync(timeout.Token);
        if (process.ExitCode == 0)
        {
            return ((await output).TrimEnd().Split('\n')[^1], "");
        }

        var reason = $"{problem}: {last}";
        return Environment.GetEnvironmentVariable("CI") == "true" ? throw new InvalidOperationException(reason) : (null, reason);
    }
}
