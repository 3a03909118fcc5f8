using System.Net;
using System.Text;
using RunnerWebhook.Tests.Serve;
using Xunit;

namespace RunnerWebhook.Tests.Faults;

/// <summary>The configuration's file is damaged, vanishes, or changes while it is read: the last good one stays in force.</summary>
public sealed class FileFaultTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("runner-webhook-faults").FullName;
    private readonly string _good = File.ReadAllText(SampleObjects.ConfigFile);
    private readonly LoggedLines _log = new();

    private string ConfigFile => Path.Combine(_folder, "config.yaml");

    public static IEnumerable<TheoryDataRow<string>> Damages() =>
    [
        new("gone"), new("empty"), new("cut in half"), new("a folder"), new("not UTF-8"), new("UTF-16"), new("10 MB"), new("zeros"),
        new("a link to nothing"), new("a link to itself"), new("without end"), new("a pipe"),
    ];

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task Configuration_Damaged_LeavesTheLastGoodOneInForceUntilItIsRepaired(string damage)
    {
        await File.WriteAllTextAsync(ConfigFile, _good, TestContext.Current.CancellationToken);
        await using var server = await Start();
        var expected = await Patch(server);

        Damage(damage);

        await Wait.Until(async () => (await server.Admin("/readyz?verbose")).Text.Contains("[!]configuration: revision", StringComparison.Ordinal));
        Assert.Equal(expected, await Patch(server));
        Assert.Equal(HttpStatusCode.OK, (await server.Admin("/readyz")).Status);
        await Task.Delay(200, TestContext.Current.CancellationToken);
        Assert.InRange(_log.With("configuration not loaded").Length, 1, 2);
        Assert.All(_log.With("configuration not loaded"), line => Assert.InRange(line.Length, 20, 8192));

        Remove();
        await File.WriteAllTextAsync(ConfigFile, _good.Replace("docker:27", "docker:28", StringComparison.Ordinal),
            TestContext.Current.CancellationToken);
        await Wait.Until(async () => (await Patch(server)).Contains("docker:28", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Configuration_SwappedAllTheTime_IsNeverReadInHalves()
    {
        using var mount = new MountedFolder();
        // Long, so that a swap happens in the middle.
        var padding = string.Concat(Enumerable.Repeat("# padding\n", 50_000));
        string[] contents = [_good + padding, padding + _good.Replace("docker:27", "docker:28", StringComparison.Ordinal)];
        mount.Swap(new() { ["config.yaml"] = contents[0] });
        await using var server = await RunningServer.Start(new()
        {
            ConfigFile = mount.PathOf("config.yaml"),
            ReloadInterval = TimeSpan.FromMilliseconds(1),
        }, _log);

        var seen = new HashSet<bool>();
        for (var i = 1; i <= 300; i++)
        {
            mount.Swap(new() { ["config.yaml"] = contents[i % 2] });
            var patch = await Patch(server);
            Assert.Contains("--docker-image=docker:2", patch, StringComparison.Ordinal);
            seen.Add(patch.Contains("docker:28", StringComparison.Ordinal));
        }

        Assert.Equal(2, seen.Count);
        // Between two system calls the folder may be gone; a half is never read.
        Assert.All(_log.With("configuration not loaded"), line => Assert.Contains("Could not find", line, StringComparison.Ordinal));
    }

    public void Dispose()
    {
        _log.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<string> Patch(RunningServer server) =>
        RunningServer.PatchOf(await server.Review(Reviews.Create(SampleObjects.Pod())));

    private void Damage(string damage)
    {
        Remove();
        switch (damage)
        {
            case "gone":
                break;
            case "a folder":
                Directory.CreateDirectory(ConfigFile);
                break;
            case "a link to nothing":
                File.CreateSymbolicLink(ConfigFile, Path.Combine(_folder, "nothing"));
                break;
            case "a link to itself":
                File.CreateSymbolicLink(ConfigFile, ConfigFile);
                break;
            case "a pipe":
                NamedPipe.Create(ConfigFile);
                break;
            case "without end":
                File.CreateSymbolicLink(ConfigFile, "/dev/zero");
                break;
            default:
                // Moved into place: a file that is being written would be one more damage.
                File.WriteAllBytes(ConfigFile + ".new", damage switch
                {
                    "empty" => [],
                    "cut in half" => Encoding.UTF8.GetBytes(_good + "\npolicy: [{namespaces: [\"te"),
                    "not UTF-8" => [.. Encoding.UTF8.GetBytes(_good), 0xff, 0xc0],
                    "UTF-16" => Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes(_good)).ToArray(),
                    "10 MB" => Encoding.UTF8.GetBytes(_good + string.Concat(Enumerable.Repeat("# padding\n", 1_000_000))),
                    _ => new byte[4096],
                });
                File.Move(ConfigFile + ".new", ConfigFile);
                break;
        }
    }

    private void Remove()
    {
        if (Directory.Exists(ConfigFile))
        {
            Directory.Delete(ConfigFile);
        }

        File.Delete(ConfigFile);
    }

    private Task<RunningServer> Start() => RunningServer.Start(new()
    {
        ConfigFile = ConfigFile,
        ReloadInterval = TimeSpan.FromMilliseconds(20),
    }, _log);
}
