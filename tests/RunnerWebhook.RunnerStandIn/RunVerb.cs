using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace RunnerWebhook.RunnerStandIn;

/// <summary><c>run</c>: asks for jobs, again and again.</summary>
internal static class RunVerb
{
    private const int RefusalsUntilDisabled = 3;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(
        double.TryParse(Environment.GetEnvironmentVariable("STANDIN_INTERVAL"), out var seconds) ? seconds : 3);

    public static async Task<int> Run(Flags flags)
    {
        var path = ConfigFile.Locate(flags);
        if (flags.Has("listen-address"))
        {
            throw new NotModelledException("run with metrics (--listen-address)");
        }

        using var drain = new CancellationTokenSource();
        using var abort = new CancellationTokenSource();
        using var quit = On(PosixSignal.SIGQUIT, drain);
        using var terminate = On(PosixSignal.SIGTERM, abort, drain);
        using var interrupt = On(PosixSignal.SIGINT, abort, drain);
        var refusals = new Dictionary<string, int>(StringComparer.Ordinal);
        ConfigFile.Load(path);
        Log.Info("Starting multi-runner from " + path);
        while (!drain.IsCancellationRequested)
        {
            var config = Reload(path);
            foreach (var runner in config?.Runners.Where(runner => refusals.GetValueOrDefault(runner.Token) < RefusalsUntilDisabled) ?? [])
            {
                if (await Poll(runner, SystemId.Of(config!), abort.Token))
                {
                    refusals.Remove(runner.Token);
                }
                else
                {
                    refusals[runner.Token] = refusals.GetValueOrDefault(runner.Token) + 1;
                    Log.Warning("Checking for jobs... forbidden");
                }
            }

            await Task.Delay(Interval, drain.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        Log.Info("All workers stopped.");
        return 0;
    }

    private static PosixSignalRegistration On(PosixSignal signal, params CancellationTokenSource[] sources) =>
        PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            Array.ForEach(sources, source => source.Cancel());
        });

    // Without a usable file it stays up and looks healthy.
    private static ConfigFile? Reload(string path)
    {
        try
        {
            if (File.Exists(path))
            {
                return ConfigFile.Load(path);
            }

            Log.Error($"Failed to load config stat {path}: no such file or directory");
        }
        catch (FatalException e)
        {
            Log.Error($"Failed to load config {e.Message}");
        }

        return null;
    }

    /// <summary>Asks for a job and does it; false where GitLab refuses the runner.</summary>
    private static async Task<bool> Poll(RunnerEntry runner, string systemId, CancellationToken abort)
    {
        var answer = await GitLabApi.Send("POST", runner.Url, "/jobs/request",
            new() { ["token"] = runner.Token, ["system_id"] = systemId, ["info"] = GitLabApi.Info() });
        if (answer is { Status: System.Net.HttpStatusCode.Created })
        {
            await Do(runner, answer.Json, abort);
        }

        return answer is not { Status: System.Net.HttpStatusCode.Forbidden };
    }

    // Since 19.1 the reason is one of those that GitLab lists for the job.
    private static string Interrupted(JsonObject job) => !RunnerVersion.IsAtLeast(19, 1) ? "runner_system_failure"
        : job["features"]?["failure_reasons"]?.AsArray().Any(reason => (string?)reason == "runner_interrupted") == true
            ? "runner_interrupted" : "unknown_failure";

    // Not as the docker executor does it: the script runs here, beside the runner, and must not see the runner's signals.
    private static async Task Do(RunnerEntry runner, JsonObject job, CancellationToken abort)
    {
        var (id, token) = ((long)job["id"]!, (string)job["token"]!);
        var lines = job["steps"]![0]!["script"]!.AsArray().Select(line => (string)line!);
        var start = new ProcessStartInfo("/bin/sh", ["-ec", "trap '' QUIT INT TERM\n" + string.Join('\n', lines)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var variable in job["variables"]!.AsArray())
        {
            start.Environment[(string)variable!["key"]!] = (string?)variable["value"];
        }

        using var shell = Process.Start(start)!;
        var (state, reason) = ("failed", Interrupted(job));
        try
        {
            var output = shell.StandardOutput.ReadToEndAsync(abort);
            var error = shell.StandardError.ReadToEndAsync(abort);
            await shell.WaitForExitAsync(abort);
            await GitLabApi.Trace(runner.Url, id, token, await output + await error);
            (state, reason) = shell.ExitCode == 0 ? ("success", "") : ("failed", "script_failure");
        }
        catch (OperationCanceledException)
        {
            shell.Kill(entireProcessTree: true);
        }

        var body = new JsonObject { ["token"] = token, ["state"] = state };
        if (reason.Length > 0)
        {
            body["failure_reason"] = reason;
        }

        await GitLabApi.Send("PUT", runner.Url, $"/jobs/{id}", body);
        Log.Info($"Job {id} {state}");
    }
}
