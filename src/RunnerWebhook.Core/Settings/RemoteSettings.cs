namespace RunnerWebhook.Core.Settings;

/// <summary>An engine elsewhere.</summary>
/// <param name="Host">Its address, as in <c>tcp://docker.example.com:2376</c>. Default empty: there is none, and the
/// engine can't be chosen.</param>
/// <param name="TlsSecretName">The Secret in the pod's namespace with <c>ca.pem</c>, <c>cert.pem</c> and
/// <c>key.pem</c>. Default empty: no TLS.</param>
public sealed record RemoteSettings(string Host, string TlsSecretName)
{
    /// <summary>The built-in values.</summary>
    public static RemoteSettings Default { get; } = new("", "");
}
