using System.Collections.Frozen;

namespace RunnerWebhook.Core.Registration;

/// <summary>The releases of gitlab-runner with which register options came, as far as they are later than 13.0 (source: the
/// sources of the releases 13.0 to 19.3).</summary>
internal static class OptionReleases
{
    private static readonly FrozenDictionary<string, string> ByName = new Dictionary<string, string[]>
    {
        ["13.4"] = ["cache-azure-account-key", "cache-azure-account-name", "cache-azure-container-name",
            "cache-azure-storage-domain"],
        ["13.9"] = ["docker-gpus"],
        ["13.11"] = ["feature-flags"],
        ["14.0"] = ["docker-helper-image-flavor"],
        ["14.4"] = ["cache-s3-authentication_type"],
        ["14.8"] = ["maintenance-note"],
        ["14.10"] = ["docker-container-labels"],
        ["15.1"] = ["docker-allowed-pull-policies", "docker-device-cgroup-rules"],
        ["15.3"] = ["cache-s3-server-side-encryption", "cache-s3-server-side-encryption-key-id"],
        ["15.5"] = ["docker-enable-ipv6", "docker-user", "docker-volume-driver-ops"],
        ["15.6"] = ["cache-max_uploaded_archive_size"],
        ["15.7"] = ["docker-ipcmode", "docker-services_privileged", "unhealthy-interval", "unhealthy-requests-limit"],
        ["15.8"] = ["docker-isolation", "docker-mac-address"],
        ["15.9"] = ["post-get-sources-script", "pre-get-sources-script"],
        ["15.10"] = ["docker-services-security-opt"],
        ["16.1"] = ["docker-allowed-privileged-images", "docker-allowed-privileged-services"],
        ["16.2"] = ["docker-ulimit"],
        ["16.3"] = ["safe-directory-checkout"],
        ["16.5"] = ["docker-network-mtu"],
        ["16.6"] = ["docker-group-add"],
        ["16.8"] = ["cache-s3-session-token", "docker-allowed_users"],
        ["16.9"] = ["docker-service-cpu-shares", "docker-service-cpus", "docker-service-cpuset-cpus",
            "docker-service-memory", "docker-service-memory-reservation", "docker-service-memory-swap",
            "docker-services-limit"],
        ["16.10"] = ["docker-cgroup-parent", "docker-service-cgroup-parent"],
        ["17.0"] = ["docker-cpuset-mems"],
        ["17.5"] = ["cache-s3-accelerate", "cache-s3-dual-stack", "cache-s3-path-style", "cache-s3-upload-role-arn"],
        ["17.8"] = ["cache-s3-role-arn"],
        ["17.9"] = ["job-status-final-update-retry-limit", "step-runner-image"],
        ["17.10"] = ["clean-git-config", "docker-service_gpus", "docker-services_devices", "proxy-exec"],
        ["18.6"] = ["docker-service-slot-cgroup-template", "slot-cgroup-template", "use-slot-cgroups"],
        ["18.9"] = ["cache-gcs-universe-domain", "docker-log-options", "strict-check-interval"],
        ["18.10"] = ["docker-volume-keep"],
        ["18.11"] = ["cache-s3-assume-role-max-concurrency", "cache-s3-disable-assume-role-credentials-caching"],
        ["19.0"] = ["prepare-timeout"],
        ["19.1"] = ["docker-pid-mode", "get-sources-timeout"],
    }.SelectMany(release => release.Value.Select(name => KeyValuePair.Create(name, release.Key)))
        .ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The release of an option; empty for 13.0 and before.</summary>
    public static string Of(string name) => ByName.GetValueOrDefault(name, "");
}
