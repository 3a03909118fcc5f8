using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace RunnerWebhook.FakeGitLab;

/// <summary>How the fake GitLab is started.</summary>
public sealed record GitLabOptions
{
    /// <summary>The address to listen on.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>The port; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>With a certificate (and its key) the server speaks HTTPS only; without, HTTP only.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>GitLab's version: before 16.0 runners can't be created by users, nor their managers deleted.</summary>
    public Version Version { get; init; } = new(18, 2);

    /// <summary>Whether the tokens of registered runners look like today's (<c>glrtr-…</c>) or like those before 18.1:
    /// twenty characters without a prefix.</summary>
    public bool RegisteredTokensHavePrefix { get; init; } = true;

    /// <summary>Host and port of its container registry; empty for none.</summary>
    public string Registry { get; init; } = "";

    /// <summary>The instance's own prefix of all tokens, as in <c>acme-</c>; empty for none, as by default.</summary>
    public string TokenPrefix { get; init; } = "";
}
