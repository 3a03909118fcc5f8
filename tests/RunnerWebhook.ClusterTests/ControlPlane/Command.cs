using System.Diagnostics;

namespace RunnerWebhook.ClusterTests.ControlPlane;

/// <summary>A program that is run to its end.</summary>
/// <param name="Program">Its path, or its name where it is on the PATH.</param>
/// <param name="Options">What stands before every run's arguments.</param>
internal sealed record Command(string Program, params string[] Options)
{
    /// <summary>How long a run may take; then it is killed and <see cref="TimeoutException"/> is thrown.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(4);

    /// <summary>Variables added to this process's own; null takes one away.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    public async Task<CommandResult> Run(string input, params string[] arguments)
    {
        var start = new ProcessStartInfo(Program, [.. Options, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in Environment)
        {
            start.Environment[name] = value;
        }

        var said = string.Join(' ', [Path.GetFileName(Program), .. arguments]);
        using var process = Process.Start(start)!;
        using var timeout = new CancellationTokenSource(Patience);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(timeout.Token);
            var error = process.StandardError.ReadToEndAsync(timeout.Token);
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
            await process.WaitForExitAsync(timeout.Token);
            return new(said, process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{said}: not done within {Patience.TotalSeconds} seconds");
        }
    }
}
