using System.Collections.Immutable;
using RunnerWebhook.Core.Injection;
using RunnerWebhook.FakeGitLab;
using Xunit;

namespace RunnerWebhook.Tests.Registration;

/// <summary>The life of a pod's volume, at random: starts, stops, kills, a GitLab that goes and comes, files cut in half.
/// After each event nothing may have got lost, and in the end there is one runner.</summary>
internal sealed class GuardSequence : IAsyncDisposable
{
    private const string SystemId = "r_d2d770aceef4";

    private static readonly string[] Versions = ["13.12.0", "15.11.0", "16.2.0", "19.3.0"];
    private static readonly string[] Signals = ["TERM", "QUIT", "INT"];
    private static readonly string[] Shells = ["dash", "bash", "busybox"];
    private static readonly string[] Prefixes = ["", "", "acme-"];

    private readonly Random _random;
    private readonly RunnerSandbox _pod;
    private readonly string _shell;

    // Both must do the same.
    private readonly string _guard;
    private readonly string _version;
    private readonly bool _isCreated;
    private readonly List<string> _history = [];
    private readonly List<string> _secrets = ["gitlabto"];
    private (string Name, string Value) _token = ("REGISTRATION_TOKEN", "gitlabtoken");

    // Runners that kill -9 cut off between GitLab's answer and the saved file: nobody has their tokens.
    private ImmutableHashSet<string> _lost = [];
    private int _kills;

    private GuardSequence(Random random, RunnerSandbox pod, string shell, string version, bool isCreated)
    {
        (_random, _pod, _shell, _version, _isCreated) = (random, pod, shell, version, isCreated);
        _guard = random.Next(2) == 0 ? Scripts.Guard : ScriptSource.Guard;
        if (isCreated)
        {
            Use(pod.GitLab.State.CreateRunner());
        }
    }

    private GitLabState GitLab => _pod.GitLab.State;

    /// <summary>What happened, for a failure's message.</summary>
    public string History => string.Join("; ", _history);

    public static async Task<GuardSequence> Prepare(int seed)
    {
        var random = new Random(seed);
        var (shell, version, prefix) = (Pick(random, Shells), Pick(random, Versions), Pick(random, Prefixes));
        var pod = await RunnerSandbox.Start(new() { TokenPrefix = prefix });
        return new(random, pod, shell, version, isCreated: random.Next(2) == 0)
        {
            _history = { $"{shell}, {version}, prefix '{prefix}'" },
        };
    }

    public async Task Run()
    {
        for (var events = _random.Next(2, 6); events > 0; events--)
        {
            // A call that was cut off may reach GitLab a little later.
            var excused = _kills;
            _kills = 0;
            await Next();
            _lost = _lost.Union(Unknown().Take(excused + _kills));
            Assert.Empty(Unknown());
        }

        await Settle();
        Assert.Equal(0, (await Start("settled")).ExitCode);
        _lost = _lost.Union(Unknown().Take(_kills));
        AssertOneRunner();
        Assert.EndsWith("already registered\n", (await Start("again")).Output);
        AssertOneRunner();
        await Stop();
        Assert.Equal(_isCreated, Living().Any());
    }

    public ValueTask DisposeAsync() => _pod.DisposeAsync();

    private Task Next() => _random.Next(10) switch
    {
        0 => Start("start"),
        1 => Interrupted(Pick(_random, Signals)),
        2 or 3 => Interrupted("KILL"),
        4 => Revoke(),
        5 => Away(TimeSpan.Zero),
        6 => Away(TimeSpan.FromMilliseconds(_random.Next(1, 200))),
        7 => Cut(),
        8 => Slow(),
        _ => Replace(),
    };

    private async Task<ProcessRun> Start(string what)
    {
        _history.Add(what);
        using var container = Container();
        return Checked(await container.End());
    }

    private async Task Interrupted(string signal)
    {
        var after = _random.Next(0, 150);
        _history.Add($"{signal} after {after} ms");
        using var container = Container();
        await Task.Delay(after);
        await container.Signal(signal);
        Checked(await container.End());
        _kills += signal == "KILL" ? 1 : 0;
    }

    private Task Revoke()
    {
        _history.Add("revoked");
        foreach (var runner in GitLab.Runners)
        {
            if (runner.IsCreated)
            {
                // Its owner puts the new token into the Secret.
                Use(GitLab.ResetToken(runner.Id)!);
            }
            else
            {
                GitLab.DeleteRunner(runner.Id);
            }
        }

        return Task.CompletedTask;
    }

    private async Task Away(TimeSpan time)
    {
        _history.Add(time == TimeSpan.Zero ? "GitLab away" : $"GitLab away for {time.TotalMilliseconds} ms");
        await _pod.GitLab.GoDown();
        var start = Start("start");
        await (time == TimeSpan.Zero ? start : Task.Delay(time));
        await _pod.GitLab.ComeBack();
        await start;
    }

    private async Task Cut()
    {
        var bytes = File.Exists(_pod.Config) ? await File.ReadAllBytesAsync(_pod.Config) : [];
        var length = _random.Next(bytes.Length + 1);
        _history.Add($"config.toml cut to {length} of {bytes.Length} bytes");
        await File.WriteAllBytesAsync(_pod.Config, bytes[..length]);
    }

    private Task Slow()
    {
        _pod.GitLab.Delay = TimeSpan.FromMilliseconds(_random.Next(0, 60));
        _pod.GitLab.Answer(CannedAnswer.BadGateway, _random.Next(0, 4));
        _history.Add("GitLab slow and failing");
        return Task.CompletedTask;
    }

    /// <summary>The pod is deleted once its runner runs, and another one takes its place.</summary>
    private async Task Replace()
    {
        await Settle();
        await Start("start");
        await Stop();
        _history.Add("new volume");
        foreach (var file in Directory.GetFiles(_pod.PathOf("etc")))
        {
            File.Delete(file);
        }
    }

    private async Task Stop()
    {
        _history.Add("stop");
        using var container = SandboxContainer.Start(_pod, isReadOnly: true,
            [.. PodShells.Command(_shell, Scripts.Hook), "unregister"], Variables());
        Assert.Equal(new(0, ""), await container.End());
    }

    private async Task Settle()
    {
        await _pod.GitLab.ComeBack();
        _pod.GitLab.AnswerNormally();
        _pod.GitLab.Delay = TimeSpan.Zero;
    }

    private void AssertOneRunner()
    {
        Assert.Equal(1, _pod.Entries);
        Assert.Contains($"token = \"{Assert.Single(Living())}\"", _pod.ConfigText);
        Assert.StartsWith("concurrent = 4\n", _pod.ConfigText);
        Assert.Equal(SystemId, File.ReadAllText(_pod.PathOf("etc/.runner_system_id")));
        Assert.True(GitLab.Managers.Count(manager => manager.SystemId == SystemId) <= 1);
        Assert.All(GitLab.Managers, manager => Assert.Contains(manager.SystemId, new[] { SystemId, "<legacy>" }));
    }

    /// <summary>The tokens of runners that GitLab has and somebody knows.</summary>
    private IEnumerable<string> Living() => GitLab.Runners.Select(runner => runner.Token).Except(_lost);

    /// <summary>The tokens of runners that are in no file; those of created runners are in a Secret.</summary>
    private IEnumerable<string> Unknown()
    {
        var files = string.Concat(Directory.GetFiles(_pod.PathOf("etc")).Select(File.ReadAllText));
        return Living().Where(token => token != _token.Value && !files.Contains(token, StringComparison.Ordinal));
    }

    private SandboxContainer Container() => SandboxContainer.Start(_pod, isReadOnly: false,
        [.. PodShells.Command(_shell, _guard), .. _pod.RegisterArguments()], Variables());

    private (string Name, string Value)[] Variables() =>
        _pod.PodVariables(_token, ("STANDIN_VERSION", _version), ("STANDIN_PAUSE", "0.03"));

    private void Use(Runner runner)
    {
        // Only runners since 16.2 take it as a registration token too, and only without an instance's prefix.
        var isAuto = _version is "16.2.0" or "19.3.0" && runner.Token.StartsWith("glrt-", StringComparison.Ordinal) && _random.Next(2) == 0;
        _token = (isAuto ? "REGISTRATION_TOKEN" : "CI_SERVER_TOKEN", runner.Token);
    }

    private ProcessRun Checked(ProcessRun run)
    {
        _history[^1] += $" [{run.ExitCode}]";
        _secrets.AddRange(GitLab.Runners.Select(runner => runner.Token[^20..^12]));
        Assert.All(_secrets, secret => Assert.DoesNotContain(secret, run.Output));
        return run;
    }

    private static string Pick(Random random, string[] values) => values[random.Next(values.Length)];
}
