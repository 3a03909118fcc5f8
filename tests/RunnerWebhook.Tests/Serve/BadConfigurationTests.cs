using System.Diagnostics;
using System.Net;
using RunnerWebhook.Configuration;
using RunnerWebhook.Serve;
using RunnerWebhook.Tests.Configuration;
using Xunit;

namespace RunnerWebhook.Tests.Serve;

/// <summary>One running server whose configuration becomes every bad file of the corpus in turn.</summary>
public sealed class BadConfigurationTests : IDisposable
{
    // The rest of the big ones is no different for the server, and takes its time.
    private static readonly string[] Big = ["5 MB of one text", "1 MiB of bad rules", "1 MiB of brackets"];

    private readonly string _folder = Directory.CreateTempSubdirectory("runner-webhook-bad").FullName;

    private string ConfigFile => Path.Combine(_folder, "config.yaml");

    [Fact]
    public async Task Server_EveryBadConfigurationInTurn_ServesByTheLastGoodOneAndTellsTheFault()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var good = await File.ReadAllTextAsync(SampleObjects.ConfigFile, cancellation);
        var watch = Stopwatch.StartNew();
        Put(System.Text.Encoding.UTF8.GetBytes(good));
        await using var server = await RunningServer.Start(new ServeOptions
        {
            ConfigFile = ConfigFile,
            ReloadInterval = TimeSpan.FromMilliseconds(5),
        });
        var review = Reviews.Create(SampleObjects.Pod());
        var expected = RunningServer.PatchOf(await server.Review(review));
        Assert.Contains("--docker-image=docker:27", expected);

        var files = ConfigurationCorpus.Files.Select(file => (Name: Path.GetFileName(file), Content: File.ReadAllBytes(file)))
            .Concat(Big.Select(name => (Name: name, Content: ConfigurationCorpus.Big[name]))).ToArray();
        foreach (var (name, content) in files)
        {
            Assert.Null(ConfigurationFile.Read(content, ConfigFile, out var mistakes));
            Put(content);

            await Eventually(server, name, $"; the file has changed since and cannot be used: {mistakes[0]}\n");
            Assert.Equal((HttpStatusCode.OK, "ok\n"), await server.Admin("/readyz"));
            Assert.True(expected == RunningServer.PatchOf(await server.Review(review)), name);
        }

        Put(System.Text.Encoding.UTF8.GetBytes(good.Replace("docker:27", "docker:28", StringComparison.Ordinal)));
        await Eventually(server, "a good configuration", "[+]configuration: revision ");
        Assert.Contains("--docker-image=docker:28", RunningServer.PatchOf(await server.Review(review)));
        TestContext.Current.SendDiagnosticMessage("{0} bad configurations in {1:0.0} s", files.Length, watch.Elapsed.TotalSeconds);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task Eventually(RunningServer server, string name, string text)
    {
        var told = "";
        for (var patience = Stopwatch.StartNew(); patience.Elapsed < TimeSpan.FromSeconds(20); await Task.Delay(5))
        {
            told = (await server.Admin("/readyz?verbose")).Text;
            if (told.Contains(text, StringComparison.Ordinal))
            {
                return;
            }
        }

        Assert.Fail($"{name}: not told within 20 seconds: {text}\nbut: {told}");
    }

    private void Put(byte[] content)
    {
        File.WriteAllBytes(ConfigFile + ".next", content);
        File.Move(ConfigFile + ".next", ConfigFile, overwrite: true);
    }
}
