using System.Collections.Frozen;
using System.Collections.Immutable;
using static RunnerWebhook.Core.Registration.RegisterOptionKind;

namespace RunnerWebhook.Core.Registration;

/// <summary>
/// The options of <c>gitlab-runner register</c> that matter for the docker executor, in the order in which they are
/// emitted (source: <c>gitlab-runner register --help</c> of 13.12 and 19.3, and the runner's documentation).
/// </summary>
public static class RegisterOptions
{
    /// <summary>All options, in the order in which they are emitted. The token comes after <c>url</c>.</summary>
    public static ImmutableArray<RegisterOption> All { get; } =
    [
        new("url", Url),
        new("description", Text),
        new("tag-list", CommaList) { ServerSide = true },
        new("run-untagged", RegisterOptionKind.Boolean) { ServerSide = true },
        new("locked", RegisterOptionKind.Boolean) { ServerSide = true },
        new("access-level", Word) { ServerSide = true, Words = ["not_protected", "ref_protected"] },
        new("paused", RegisterOptionKind.Boolean) { ServerSide = true },
        new("maximum-timeout", Number) { ServerSide = true },
        new("maintenance-note", Text) { ServerSide = true, Since = "14.8" },
        new("leave-runner", RegisterOptionKind.Boolean),
        new("executor", Text),
        new("limit", Number),
        new("request-concurrency", Number),
        new("output-limit", Number),
        new("strict-check-interval", RegisterOptionKind.Boolean) { Since = "18.9" },
        new("unhealthy-requests-limit", Number) { Since = "15.7" },
        new("unhealthy-interval", Duration) { Since = "15.7" },
        new("builds-dir", Text),
        new("cache-dir", Text),
        new("clone-url", Text),
        new("env", List),
        new("pre-get-sources-script", Text) { Since = "15.3" },
        new("pre-build-script", Text),
        new("post-build-script", Text),
        new("shell", Text),
        new("feature-flags", RegisterOptionKind.JsonObject),
        new("tls-ca-file", Text),
        new("tls-cert-file", Text),
        new("tls-key-file", Text),
        new("docker-host", Text),
        new("docker-cert-path", Text),
        new("docker-tlsverify", RegisterOptionKind.Boolean),
        new("docker-image", Text),
        new("docker-runtime", Text),
        new("docker-user", Text),
        new("docker-privileged", RegisterOptionKind.Boolean),
        new("docker-services_privileged", RegisterOptionKind.Boolean) { Since = "15.7" },
        new("docker-allowed-privileged-images", List) { Since = "15.7" },
        new("docker-allowed-privileged-services", List) { Since = "15.7" },
        new("docker-network-mode", Text),
        new("docker-network-mtu", Number),
        new("docker-volumes", List),
        new("docker-pull-policy", List),
        new("docker-allowed-pull-policies", List),
        new("docker-allowed-images", List),
        new("docker-allowed-services", List),
        new("docker-services-limit", Number),
        new("docker-services-security-opt", List),
        new("docker-memory", Text),
        new("docker-memory-swap", Text),
        new("docker-cpus", Text),
        new("docker-cpuset-cpus", Text),
        new("docker-shm-size", Number),
        new("docker-dns", List),
        new("docker-extra-hosts", List),
        new("docker-devices", List),
        new("docker-gpus", Text),
        new("docker-cap-add", List),
        new("docker-cap-drop", List),
        new("docker-security-opt", List),
        new("docker-userns", Text),
        new("docker-ulimit", Text),
        new("docker-container-labels", Text),
        new("docker-helper-image", Text),
        new("docker-helper-image-flavor", Text),
        new("docker-disable-cache", RegisterOptionKind.Boolean),
        new("docker-cache-dir", Text),
        new("docker-wait-for-services-timeout", Number),
        new("cache-type", Word) { Words = ["s3", "gcs", "azure"] },
        new("cache-path", Text),
        new("cache-shared", RegisterOptionKind.Boolean),
        new("cache-s3-server-address", Text),
        new("cache-s3-access-key", Text) { Secret = true },
        new("cache-s3-secret-key", Text) { Secret = true },
        new("cache-s3-bucket-name", Text),
        new("cache-s3-bucket-location", Text),
        new("cache-s3-insecure", RegisterOptionKind.Boolean),
        new("cache-gcs-access-id", Text) { Secret = true },
        new("cache-gcs-private-key", Text) { Secret = true },
        new("cache-gcs-credentials-file", Text),
        new("cache-gcs-bucket-name", Text),
        new("cache-azure-account-name", Text),
        new("cache-azure-account-key", Text) { Secret = true },
        new("cache-azure-container-name", Text),
        new("cache-azure-storage-domain", Text),
    ];

    private static readonly FrozenDictionary<string, RegisterOption> ByName =
        All.ToFrozenDictionary(option => option.Name, StringComparer.Ordinal);

    /// <summary>The option of a name, or null where there is none.</summary>
    public static RegisterOption? Find(string name) => ByName.GetValueOrDefault(name);
}
