namespace RunnerWebhook.Core.Settings;

/// <summary>The CA certificates by which the runner trusts its GitLab, if no public CA signs its certificate. They are in a
/// Secret or in a ConfigMap of the pod's namespace.</summary>
/// <param name="SecretName">The Secret; empty if it is a ConfigMap.</param>
/// <param name="ConfigMapName">The ConfigMap; empty if it is a Secret.</param>
/// <param name="Key">The key in it. Default <c>ca.crt</c>.</param>
public sealed record CertificateSettings(string SecretName, string ConfigMapName, string Key)
{
    /// <summary>The default key.</summary>
    public const string DefaultKey = "ca.crt";
}
