using RunnerWebhook.Serve;
using Xunit;

namespace RunnerWebhook.Tests.Serve;

/// <summary><c>log.level</c> of the configuration, followed by the running server.</summary>
public sealed class LogLevelTests : IDisposable
{
    private readonly MountedFolder _mount = new();
    private readonly string _good = File.ReadAllText(SampleObjects.ConfigFile);
    private readonly LoggedLines _log = new();

    [Fact]
    public async Task Level_Edited_IsFollowedWithoutRestartAndSaidOnce()
    {
        await using var server = await Start("Warning");
        var revision = await Revision(server);
        Assert.Single(_log.With("Information RunnerWebhook.Serve.ActiveConfiguration: log level Warning, Information before"));
        await Review(server);
        Assert.Empty(_log.With(Reviews.Uid));

        await Edit("Debug");
        await Review(server);

        Assert.Single(_log.With(Reviews.Uid));
        Assert.NotEmpty(_log.With("Debug Microsoft.AspNetCore.Server.Kestrel"));
        Assert.Equal(revision, await Revision(server));

        await Edit("Information");
        var own = _log.With(Reviews.Uid).Length;
        var foreign = _log.With(" Microsoft.").Length;
        await Review(server);

        Assert.Equal((own + 1, foreign), (_log.With(Reviews.Uid).Length, _log.With(" Microsoft.").Length));
        Assert.Equal(3, _log.With("log level ").Length);
    }

    [Fact]
    public async Task Level_AboveInformation_StillTellsOfItsNextChange()
    {
        await using var server = await Start("Error");

        await Edit("Critical");
        Assert.Single(_log.With("Error RunnerWebhook.Serve.ActiveConfiguration: log level Critical, Error before"));

        await Edit("Trace");
        Assert.Single(_log.With("Information RunnerWebhook.Serve.ActiveConfiguration: log level Trace, Critical before"));
    }

    [Fact]
    public async Task Level_Unset_IsInformationWithoutAWord()
    {
        await using var server = await Start(null);
        await Review(server);

        Assert.Single(_log.With(Reviews.Uid));
        Assert.Empty(_log.With("log level"));
    }

    [Fact]
    public async Task Level_Misspelt_LeavesTheOneBeforeInForce()
    {
        await using var server = await Start("Warning");

        Mount("verbose");
        await Wait.Until(() => Task.FromResult(_log.With("config.yaml:3:14: log.level: is 'verbose', but must be "
            + "Trace or Debug or Information or Warning or Error or Critical").Length == 1));
        await Review(server);

        Assert.Empty(_log.With(Reviews.Uid));
    }

    public void Dispose()
    {
        _mount.Dispose();
        _log.Dispose();
    }

    private static async Task Review(RunningServer server) => await server.Review(Reviews.Create(SampleObjects.Pod()));

    private static async Task<string> Revision(RunningServer server) => (await server.Admin("/readyz?verbose")).Text
        .Split('\n').Single(line => line.Contains("configuration: revision", StringComparison.Ordinal));

    private async Task Edit(string level)
    {
        Mount(level);
        await Wait.Until(() => Task.FromResult(_log.With($"log level {level}").Length > 0));
    }

    private void Mount(string? level) => _mount.Swap(new()
    {
        ["config.yaml"] = level is null ? _good
            : _good.Replace("\nprofiles:", $"\nlog: {{level: {level}}}\nprofiles:", StringComparison.Ordinal),
    });

    private Task<RunningServer> Start(string? level)
    {
        Mount(level);
        return RunningServer.Start(new ServeOptions
        {
            ConfigFile = _mount.PathOf("config.yaml"),
            ReloadInterval = TimeSpan.FromMilliseconds(50),
        }, _log);
    }
}
