using System.Security.Cryptography.X509Certificates;
using System.Text;
using RunnerWebhook.Certificates;
using RunnerWebhook.Tests.Certificates;
using RunnerWebhook.Yaml;
using Xunit;

namespace RunnerWebhook.Tests.Cli;

/// <summary><c>certs</c> as people call it.</summary>
public sealed class CertsCommandTests : IDisposable
{
    private readonly string _folder = Path.Combine(Directory.CreateTempSubdirectory("runner-webhook-certs").FullName, "out");

    [Fact]
    public async Task Certs_Out_WritesAPairThatTheAuthorityVouchesFor()
    {
        var run = await CommandRun.Of("certs", "--out", _folder, "--host", "localhost", "--host", "127.0.0.1",
            "--service", "hook", "--namespace", "ci", "--days", "30");

        Assert.Equal((0, ""), (run.ExitCode, run.Output));
        Assert.Equal($"runner-webhook: a certificate for hook.ci.svc, hook.ci.svc.cluster.local, localhost, 127.0.0.1 is in {_folder}\n", run.Error);
        using var leaf = X509Certificate2.CreateFromPemFile(PathOf("tls.crt"), PathOf("tls.key"));
        Assert.True(IsVouchedFor(leaf));
        Assert.All(["hook.ci.svc", "hook.ci.svc.cluster.local", "localhost", "127.0.0.1"], name => Assert.True(leaf.MatchesHostname(name)));
        Assert.False(leaf.MatchesHostname("other.ci.svc"));
        Assert.Equal("1.2.840.10045.3.1.7", leaf.GetECDsaPublicKey()!.ExportParameters(false).Curve.Oid.Value);
        Assert.InRange(leaf.NotAfter, DateTime.Now.AddDays(30).AddMinutes(-5), DateTime.Now.AddDays(30).AddMinutes(5));
        Assert.True(leaf.NotBefore < DateTime.Now.AddMinutes(-50));
    }

    [Fact]
    public async Task Certs_Out_LetsNobodyElseReadTheKeys()
    {
        await CommandRun.Of("certs", "--out", _folder);

        Assert.All(["ca.key", "tls.key"], name => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(PathOf(name))));
        Assert.Equal(["ca.crt", "ca.key", "tls.crt", "tls.key"], Directory.GetFiles(_folder).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task Certs_FilesThere_AreReplacedByForceOnly()
    {
        await CommandRun.Of("certs", "--out", _folder);
        var before = await Contents();

        var refused = await CommandRun.Of("certs", "--out", _folder);
        var after = await Contents();
        var forced = await CommandRun.Of("certs", "--out", _folder, "--force");

        Assert.Equal(2, refused.ExitCode);
        Assert.Contains($"{PathOf("ca.crt")}, {PathOf("ca.key")}, {PathOf("tls.crt")}, {PathOf("tls.key")}: the files exist; use --renew", refused.Error);
        Assert.Equal(before, after);
        Assert.Equal(0, forced.ExitCode);
        Assert.Empty(before.Intersect(await Contents()));
    }

    [Fact]
    public async Task Certs_Renew_KeepsTheAuthority()
    {
        await CommandRun.Of("certs", "--out", _folder);
        var before = await Contents();

        var run = await CommandRun.Of("certs", "--out", _folder, "--renew");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(before[..2], (await Contents())[..2]);
        Assert.NotEqual(before[2], (await Contents())[2]);
        using var leaf = X509Certificate2.CreateFromPemFile(PathOf("tls.crt"), PathOf("tls.key"));
        Assert.True(IsVouchedFor(leaf));
    }

    [Fact]
    public async Task Certs_RenewWithoutAnAuthority_SaysWhatIsMissing()
    {
        Directory.CreateDirectory(_folder);
        var missing = await CommandRun.Of("certs", "--out", _folder, "--renew");
        await File.WriteAllTextAsync(PathOf("ca.crt"), "garbled", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(PathOf("ca.key"), "garbled", TestContext.Current.CancellationToken);
        var garbled = await CommandRun.Of("certs", "--out", _folder, "--renew");

        Assert.Equal((2, 2), (missing.ExitCode, garbled.ExitCode));
        Assert.Contains("ca.crt", missing.Error);
        Assert.StartsWith($"runner-webhook: {PathOf("ca.crt")}, {PathOf("ca.key")}: ", garbled.Error);
    }

    [Theory]
    [InlineData("DSA", true, 100, "the key is neither an elliptic curve key nor an RSA key")]
    [InlineData("EC", false, 100, "the certificate is not a CA's")]
    [InlineData("RSA", true, -1, "the CA expired at ")]
    public async Task Certs_RenewByAnAuthorityOfNoUse_SaysWhyAndKeepsTheFiles(string kind, bool isAuthority, int days, string why)
    {
        await WriteAuthority(kind, isAuthority, days);

        var run = await CommandRun.Of("certs", "--out", _folder, "--renew");

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.StartsWith($"runner-webhook: {PathOf("ca.crt")}, {PathOf("ca.key")}: {why}", run.Error);
        Assert.EndsWith(": make a new CA with --force instead of --renew\n", run.Error);
        Assert.False(File.Exists(PathOf("tls.crt")));
    }

    [Theory]
    [InlineData("RSA")]
    [InlineData("EC")]
    public async Task Certs_RenewByAUsersOwnAuthority_IssuesACertificateOfItAndKeepsIt(string kind)
    {
        await WriteAuthority(kind, isAuthority: true, days: 100);
        var before = await Task.WhenAll(new[] { "ca.crt", "ca.key" }.Select(name => File.ReadAllTextAsync(PathOf(name))));

        var run = await CommandRun.Of("certs", "--out", _folder, "--renew");

        Assert.Equal(0, run.ExitCode);
        using var leaf = X509Certificate2.CreateFromPemFile(PathOf("tls.crt"), PathOf("tls.key"));
        Assert.True(IsVouchedFor(leaf));
        Assert.Equal(before, (await Contents())[..2]);
    }

    [Fact]
    public async Task Certs_WithoutOut_PrintsSecretAndCaBundleThatFit()
    {
        var run = await CommandRun.Of("certs");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("the CA's key was not kept", run.Error);
        var documents = YamlFile.Parse(run.Output, out _)!.Documents;
        var (secret, hooks) = (documents[0].Json, documents[1].Json);
        Assert.Equal("runner-webhook/runner-webhook-tls", secret.GetProperty("metadata").GetProperty("namespace").GetString()
            + '/' + secret.GetProperty("metadata").GetProperty("name").GetString());
        Assert.Equal("kubernetes.io/tls", secret.GetProperty("type").GetString());
        var ca = secret.GetProperty("data").GetProperty("ca.crt").GetString();
        Assert.All(hooks.GetProperty("webhooks").EnumerateArray(), hook => Assert.Equal(ca, hook.GetProperty("clientConfig").GetProperty("caBundle").GetString()));
        Assert.Equal("runner-webhook", hooks.GetProperty("metadata").GetProperty("name").GetString());
    }

    [Fact]
    public async Task Certs_OutputOfOne_PrintsThatOne()
    {
        var bundle = await CommandRun.Of("certs", "--out", _folder, "-o", "ca-bundle");
        var secret = await CommandRun.Of("certs", "--out", _folder, "--renew", "-o", "secret", "--secret-name", "mine");

        Assert.Equal(await File.ReadAllTextAsync(PathOf("ca.crt"), TestContext.Current.CancellationToken),
            Encoding.UTF8.GetString(Convert.FromBase64String(bundle.Output.TrimEnd())));
        Assert.Contains("name: mine\n", secret.Output);
        Assert.DoesNotContain("---", secret.Output);
    }

    [Theory]
    [InlineData("--host is 'two words'", "--host", "two words")]
    [InlineData("--host is 'Upper'", "--host", "Upper")]
    [InlineData("--service is 'a/b'", "--service", "a/b")]
    [InlineData("--days is 0, but must be from 1 to 36500", "--days", "0")]
    [InlineData("--days is x, but must be from 1 to 36500", "--days", "x")]
    [InlineData("--days is 1.5, but must be from 1 to 36500", "--days", "1.5")]
    [InlineData("--renew needs --out", "--renew")]
    public async Task Certs_WrongCall_IsUsage(string problem, params string[] arguments)
    {
        var run = await CommandRun.Of(["certs", .. arguments]);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(problem, run.Error);
    }

    [Fact]
    public void Webhooks_OfTheManifest_AreThoseThatAreShipped()
    {
        var manifest = File.ReadAllText(Path.Combine(RepositoryFiles.Root, "charts-free-manifests", "base", "mutatingwebhookconfiguration.yaml"));
        var names = YamlFile.Parse(manifest, out _)!.Documents[0].Json.GetProperty("webhooks").EnumerateArray()
            .Select(hook => hook.GetProperty("name").GetString());

        Assert.Equal(names, CertificateManifests.Webhooks);
    }

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_folder)!, recursive: true);

    private async Task WriteAuthority(string kind, bool isAuthority, int days)
    {
        var pair = OwnAuthority.Create(kind, isAuthority, DateTimeOffset.UtcNow.AddDays(-10), DateTimeOffset.UtcNow.AddDays(days));
        Directory.CreateDirectory(_folder);
        await File.WriteAllTextAsync(PathOf("ca.crt"), pair.CertificatePem);
        await File.WriteAllTextAsync(PathOf("ca.key"), pair.KeyPem);
    }

    private bool IsVouchedFor(X509Certificate2 leaf)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(new("1.3.6.1.5.5.7.3.1"));
        chain.ChainPolicy.CustomTrustStore.ImportFromPemFile(PathOf("ca.crt"));
        return chain.Build(leaf);
    }

    private async Task<string[]> Contents() => [.. await Task.WhenAll(new[] { "ca.crt", "ca.key", "tls.crt", "tls.key" }
        .Select(name => File.ReadAllTextAsync(PathOf(name))))];

    private string PathOf(string name) => Path.Combine(_folder, name);
}
