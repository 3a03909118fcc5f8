using RunnerWebhook.Certificates;

namespace RunnerWebhook.ClusterTests.ControlPlane;

/// <summary>A CA that lives as long as a test run, writing PEM files into a folder.</summary>
internal sealed class TestAuthority : IDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(2);

    private readonly string _folder;
    private readonly CertificateAuthority _authority = CertificateAuthority.Create(DateTimeOffset.UtcNow, Lifetime);

    public TestAuthority(string folder)
    {
        _folder = folder;
        File.WriteAllText(Path.Combine(folder, "ca.crt"), Pem);
    }

    /// <summary>The CA's own certificate.</summary>
    public string Pem => _authority.Pair.CertificatePem;

    /// <summary>Issues a server's certificate and writes <c>NAME.crt</c> and <c>NAME.key</c>.</summary>
    public void IssueServing(string name, params string[] hosts) =>
        Write(name, _authority.IssueServing(hosts, DateTimeOffset.UtcNow, Lifetime));

    /// <summary>Issues a client's certificate and writes <c>NAME.crt</c> and <c>NAME.key</c>.</summary>
    public void IssueClient(string name, string subject) =>
        Write(name, _authority.IssueClient(subject, DateTimeOffset.UtcNow, Lifetime));

    public void Dispose() => _authority.Dispose();

    private void Write(string name, KeyPair pair)
    {
        File.WriteAllText(Path.Combine(_folder, name + ".crt"), pair.CertificatePem);
        File.WriteAllText(Path.Combine(_folder, name + ".key"), pair.KeyPem);
    }
}
