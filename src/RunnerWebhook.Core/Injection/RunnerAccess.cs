using System.Collections.Immutable;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Core.Injection;

/// <summary>Which injected container gets something that the runner container has.</summary>
[Flags]
internal enum AccessUse
{
    /// <summary>The registration, which has to reach GitLab as the runner does.</summary>
    Registration = 1,

    /// <summary>An engine of the pod's own, which has to reach registries.</summary>
    Engine = 2,

    /// <summary>Both.</summary>
    Both = Registration | Engine,
}

/// <summary>A variable by which the runner reaches GitLab.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Use">Who gets it.</param>
/// <param name="IsPath">Whether its value names files, whose volumes have to come along.</param>
internal sealed record AccessVariable(string Name, AccessUse Use, bool IsPath = false);

/// <summary>
/// What a runner uses to reach GitLab and to be what it is: the one table from which the injected containers are given the same.
/// What a pod shares as a whole (host aliases, DNS settings, host network, service account) needs no row. No other variable may
/// get into a registration: <c>register</c> reads <c>CI_SERVER_URL</c>, <c>DOCKER_HOST</c> and many more.
/// </summary>
internal static class RunnerAccess
{
    /// <summary>The file that the entry point of GitLab's image adds to the system's certificates.</summary>
    public const string EntryPointCertificate = WellKnown.RunnerDirectory + "/certs/ca.crt";

    /// <summary>The variable that names another such file.</summary>
    public const string EntryPointVariable = "CA_CERTIFICATES_PATH";

    /// <summary>The folder in the home of a user other than root in which the runner looks for certificates.</summary>
    public const string HomeCertificates = "/.gitlab-runner/certs";

    /// <summary>Where <c>update-ca-certificates</c> finds certificates, which no injected container runs.</summary>
    public const string LocalCertificates = "/usr/local/share/ca-certificates";

    /// <summary>The folder that Go reads certificates from.</summary>
    public const string SystemCertificates = "/etc/ssl/certs";

    /// <summary>The variables. Go's net/http reads both spellings of a proxy.</summary>
    public static ImmutableArray<AccessVariable> Variables { get; } =
    [
        new("HTTP_PROXY", AccessUse.Both),
        new("HTTPS_PROXY", AccessUse.Both),
        new("NO_PROXY", AccessUse.Both),
        new("http_proxy", AccessUse.Both),
        new("https_proxy", AccessUse.Both),
        new("no_proxy", AccessUse.Both),
        new("SSL_CERT_FILE", AccessUse.Both, IsPath: true),
        new("SSL_CERT_DIR", AccessUse.Both, IsPath: true),
        new("CI_SERVER_TLS_CA_FILE", AccessUse.Registration, IsPath: true),
        new("CI_SERVER_TLS_CERT_FILE", AccessUse.Registration, IsPath: true),
        new("CI_SERVER_TLS_KEY_FILE", AccessUse.Registration, IsPath: true),
        new("GODEBUG", AccessUse.Registration),
    ];

    /// <summary>The places of files: a volume that is mounted there, below or, for a single file, above it comes along.</summary>
    public static ImmutableArray<(string Path, AccessUse Use)> Places { get; } =
    [
        (WellKnown.RunnerDirectory, AccessUse.Registration),
        ("/etc/ssl", AccessUse.Both),
        ("/etc/pki", AccessUse.Both),
        ("/etc/ca-certificates", AccessUse.Both),
        ("/usr/share/ca-certificates", AccessUse.Both),
        (LocalCertificates, AccessUse.Both),
        ("/etc/hosts", AccessUse.Both),
        ("/etc/resolv.conf", AccessUse.Both),
        ("/etc/nsswitch.conf", AccessUse.Both),
        ("/var/run/secrets", AccessUse.Registration),
        ("/run/secrets", AccessUse.Registration),
        ("/etc/docker/certs.d", AccessUse.Engine),
    ];

    /// <summary>The fields of the container itself.</summary>
    public static ImmutableArray<string> Fields { get; } = ["securityContext", "workingDir"];

    /// <summary>The options of <c>register</c> that name files of the runner's.</summary>
    public static ImmutableArray<string> PathOptions { get; } =
        ["tls-ca-file", "tls-cert-file", "tls-key-file", "template-config"];
}
