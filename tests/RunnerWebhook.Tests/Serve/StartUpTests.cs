using System.Net;
using RunnerWebhook.Serve;
using Xunit;

namespace RunnerWebhook.Tests.Serve;

/// <summary>A server that starts before what it needs is there: it lives, says what it waits for, and becomes ready by
/// itself.</summary>
public sealed class StartUpTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("runner-webhook-start").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_NothingThere_LivesAndBecomesReadyAsFilesCome()
    {
        await using var server = await Start();

        Assert.Equal((HttpStatusCode.OK, "ok\n"), await server.Admin("/livez"));
        var (status, text) = await server.Admin("/readyz?verbose");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Contains($"[-]certificate: none yet; {PathOf("tls.crt")}, {PathOf("tls.key")}: Could not find file '{PathOf("tls.crt")}'.\n", text);
        Assert.Contains($"[-]configuration: none yet; {PathOf("config.yaml")}: Could not find file '{PathOf("config.yaml")}'.\n", text);
        await Assert.ThrowsAsync<HttpRequestException>(() => server.Review(Reviews.Create(SampleObjects.Pod())));

        await WriteCertificate();
        await Wait.Until(async () => (await server.Admin("/readyz?verbose")).Text.Contains("[+]certificate: valid until", StringComparison.Ordinal));
        var refusal = await Assert.ThrowsAsync<InvalidDataException>(() => server.Review(Reviews.Create(SampleObjects.Pod())));
        Assert.Equal("503: runner-webhook: there is no configuration yet: see the log, or /readyz?verbose on the admin port\n", refusal.Message);

        File.Copy(SampleObjects.ConfigFile, PathOf("config.yaml"));
        await Wait.Until(async () => (await server.Admin("/readyz")).Status == HttpStatusCode.OK);
        Assert.True((bool)(await server.Review(Reviews.Create(SampleObjects.Pod())))["allowed"]!);
    }

    [Fact]
    public async Task Start_BrokenFiles_SaysWhyAndTakesTheRepaired()
    {
        await File.WriteAllTextAsync(PathOf("tls.crt"), "garbled", Cancellation);
        await File.WriteAllTextAsync(PathOf("tls.key"), "garbled", Cancellation);
        await File.WriteAllTextAsync(PathOf("config.yaml"), "profiles: {default: {registr: {}}}", Cancellation);
        await using var server = await Start();

        var (status, text) = await server.Admin("/readyz?verbose");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Contains($"[-]certificate: none yet; {PathOf("tls.crt")}, {PathOf("tls.key")}: ", text);
        Assert.Contains($"[-]configuration: none yet; {PathOf("config.yaml")}:1:", text);
        Assert.Contains("(did you mean 'register'?)", text);

        await WriteCertificate();
        File.Copy(SampleObjects.ConfigFile, PathOf("config.yaml"), overwrite: true);

        await Wait.Until(async () => (await server.Admin("/readyz")).Status == HttpStatusCode.OK);
    }

    [Fact]
    public async Task Files_GoneUnderARunningServer_LeaveItReady()
    {
        await WriteCertificate();
        File.Copy(SampleObjects.ConfigFile, PathOf("config.yaml"));
        await using var server = await Start();
        await Wait.Until(async () => (await server.Admin("/readyz")).Status == HttpStatusCode.OK);

        File.Delete(PathOf("tls.crt"));
        File.Delete(PathOf("config.yaml"));

        await Wait.Until(async () => (await server.Admin("/readyz?verbose")).Text is var text
            && text.Contains("[!]certificate: valid until", StringComparison.Ordinal) && text.Contains("[!]configuration: revision", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.OK, (await server.Admin("/readyz")).Status);
        Assert.True((bool)(await server.Review(Reviews.Create(SampleObjects.Pod())))["allowed"]!);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Task<RunningServer> Start() => RunningServer.Start(new ServeOptions
    {
        Certificates = new() { CertificateFile = PathOf("tls.crt"), KeyFile = PathOf("tls.key") },
        ConfigFile = PathOf("config.yaml"),
        ReloadInterval = TimeSpan.FromMilliseconds(50),
    });

    private async Task WriteCertificate()
    {
        foreach (var (name, content) in TestPair.Create("late"))
        {
            await File.WriteAllTextAsync(PathOf(name), content, Cancellation);
        }
    }

    private string PathOf(string file) => Path.Combine(_folder, file);
}
