using System.Collections.Immutable;
using System.Text.Json;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Workloads;
using static RunnerWebhook.Core.PodSecurity.JudgedPod;
using static RunnerWebhook.Core.PodSecurity.PodSecurityLevel;
using static RunnerWebhook.Core.PodSecurity.PodSecurityRule;

namespace RunnerWebhook.Core.PodSecurity;

/// <summary>The rules of the Pod Security Standards up to Kubernetes 1.37, a row each.</summary>
internal static class PodSecurityRules
{
    private const string AppArmorAnnotation = "container.apparmor.security.beta.kubernetes.io/";
    private const string PodSeccompAnnotation = "seccomp.security.alpha.kubernetes.io/pod";
    private const string ContainerSeccompAnnotation = "container.seccomp.security.alpha.kubernetes.io/";

    private static readonly ImmutableArray<string> Profiles = ["RuntimeDefault", "Localhost"];

    private static readonly ImmutableArray<string> DefaultCapabilities =
    [
        "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "SETFCAP", "SETGID",
        "SETPCAP", "SETUID", "SYS_CHROOT",
    ];

    private static readonly ImmutableArray<string> RestrictedVolumes =
    [
        "configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "image", "persistentVolumeClaim", "projected", "secret",
    ];

    private static readonly ImmutableArray<(int Since, string Name)> Sysctls =
    [
        (0, "kernel.shm_rmid_forced"), (0, "net.ipv4.ip_local_port_range"), (0, "net.ipv4.tcp_syncookies"),
        (0, "net.ipv4.ping_group_range"), (0, "net.ipv4.ip_unprivileged_port_start"),
        (27, "net.ipv4.ip_local_reserved_ports"), (29, "net.ipv4.tcp_keepalive_time"), (29, "net.ipv4.tcp_fin_timeout"),
        (29, "net.ipv4.tcp_keepalive_intvl"), (29, "net.ipv4.tcp_keepalive_probes"), (32, "net.ipv4.tcp_rmem"),
        (32, "net.ipv4.tcp_wmem"), (37, "net.ipv4.tcp_slow_start_after_idle"), (37, "net.ipv4.tcp_notsent_lowat"),
    ];

    /// <summary>All rules; those of a level before those of the next. Source: k8s.io/pod-security-admission.</summary>
    public static ImmutableArray<PodSecurityRule> All { get; } =
    [
        new("hostNamespaces", Baseline, 0, Only("unset or false"), pod =>
            Outside([new("spec", pod.Spec)], ["hostNetwork"], IsFalse)
                .Concat(Outside([new("spec", pod.Spec)], ["hostPID"], IsFalse))
                .Concat(Outside([new("spec", pod.Spec)], ["hostIPC"], IsFalse))),
        new("privileged", Baseline, 0, Only("unset or false"), pod => Outside(pod.ContainerContexts, ["privileged"], IsFalse)),
        new("windowsHostProcess", Baseline, 0, Only("unset or false"), pod =>
            Outside(pod.Contexts, ["windowsOptions", "hostProcess"], IsFalse)),
        new("capabilities_baseline", Baseline, 0, Only(string.Join(", ", DefaultCapabilities)), pod =>
            AddedCapabilities(pod, DefaultCapabilities)),
        new("hostPathVolumes", Baseline, 0, Only("no hostPath volume"), pod => pod.Spec.List("volumes")
            .Where(volume => volume.At("hostPath") is not null).Select(volume => $"{NameOf(volume)} is a hostPath volume")),
        new("hostPorts", Baseline, 0, Only("unset or 0"), HostPorts),
        new("hostProbesAndHostLifecycle", Baseline, 34, Only("no host"), HandlerHosts),
        new("appArmorProfile", Baseline, 0, Only("unset, RuntimeDefault or Localhost"), pod =>
            ProfileTypes(pod, "appArmorProfile").Concat(Annotated(pod, AppArmorAnnotation, ["", "runtime/default"]))),
        new("seLinuxOptions", Baseline, 0, SeLinuxAllowed, SeLinuxOptions),
        new("procMount", Baseline, 0, Only("unset or Default"), ProcMounts) { FreesUserNamespacesSince = 35 },
        new("seccompProfile_baseline", Baseline, 0, Only("unset, RuntimeDefault or Localhost"), Seccomp),
        new("sysctls", Baseline, 0, version => string.Join(", ", SysctlsOf(version)), pod =>
            pod.Spec.List("securityContext", "sysctls")
                .Where(sysctl => !SysctlsOf(pod.Version).Contains(sysctl.Text("name")))
                .Select(sysctl => $"spec.securityContext.sysctls has {sysctl.Text("name")}")),
        new("restrictedVolumes", Restricted, 0, Only(string.Join(", ", RestrictedVolumes)), OtherVolumes)
        { Overrides = "hostPathVolumes" },
        new("allowPrivilegeEscalation", Restricted, 8, Only("false"), pod =>
            Unless(pod.ContainerContexts, "allowPrivilegeEscalation", IsFalse)) { FreesWindowsSince = 25 },
        new("runAsNonRoot", Restricted, 0, Only("true, on the pod or on every container"), RunAsNonRoot)
        { FreesUserNamespacesSince = 35 },
        new("runAsUser", Restricted, 23, Only("unset, or a number above 0"), pod => Outside(
            pod.Contexts, ["runAsUser"], value => !(value.TryGetInt64(out var id) && id == 0)))
        { FreesUserNamespacesSince = 35 },
        new("seccompProfile_restricted", Restricted, 19,
            Only("RuntimeDefault or Localhost, on the pod or on every container"), RequiredSeccomp)
        { Overrides = "seccompProfile_baseline", FreesWindowsSince = 25 },
        new("capabilities_restricted", Restricted, 22, Only("drop: [ALL], and add nothing but NET_BIND_SERVICE"), pod =>
            AddedCapabilities(pod, ["NET_BIND_SERVICE"]).Concat(pod.ContainerContexts
                .Where(context => !context.Json.List("capabilities", "drop").Any(dropped => IsOneOf(dropped, ["ALL"])))
                .Select(context => $"{context.Path}.capabilities.drop lacks ALL")))
        { Overrides = "capabilities_baseline", FreesWindowsSince = 25 },
        new("procMount_restricted", Restricted, 35, Only("unset or Default"), ProcMounts) { Overrides = "procMount" },
    ];

    private static Func<KubernetesVersion, string> Only(string allowed) => _ => allowed;

    private static bool IsFalse(JsonElement value) => value.ValueKind == JsonValueKind.False;

    private static string NameOf(JsonElement volume) => $"spec.volumes[{volume.Text("name")}]";

    private static string[] SysctlsOf(KubernetesVersion version) =>
        [.. Sysctls.Where(sysctl => sysctl.Since <= version.Minor).Select(sysctl => sysctl.Name)];

    // Like Outside, but a field that is not set is refused as well.
    private static IEnumerable<string> Unless(IEnumerable<Place> places, string field, Func<JsonElement, bool> isAllowed) =>
        places.Where(place => place.Json.At(field) is null).Select(place => $"{place.Path}.{field} is not set")
            .Concat(Outside(places, [field], isAllowed));

    private static IEnumerable<string> AddedCapabilities(JudgedPod pod, ImmutableArray<string> allowed) =>
        from context in pod.ContainerContexts
        from added in context.Json.List("capabilities", "add")
        where !IsOneOf(added, allowed)
        select $"{context.Path}.capabilities.add has {Shown(added)}";

    private static IEnumerable<string> HostPorts(JudgedPod pod) =>
        from container in pod.Containers
        from port in container.Json.List("ports")
        let host = port.At("hostPort")
        where host is { } number && !(number.TryGetInt64(out var value) && value == 0)
        select $"{container.Path}.ports has hostPort {host.Value.GetRawText()}";

    private static IEnumerable<string> HandlerHosts(JudgedPod pod)
    {
        string[][] handlers =
        [
            ["livenessProbe"], ["readinessProbe"], ["startupProbe"], ["lifecycle", "postStart"], ["lifecycle", "preStop"],
        ];
        return from container in pod.Containers
               from handler in handlers
               from kind in (string[])["httpGet", "tcpSocket"]
               let host = container.Json.Text([.. handler, kind, "host"])
               where host.Length > 0
               select $"{container.Path}.{string.Join('.', handler)}.{kind}.host is '{host}'";
    }

    private static IEnumerable<string> ProfileTypes(JudgedPod pod, string profile) =>
        pod.Contexts.Where(context => context.Json.At(profile) is not null && context.Json.At(profile, "type") is null)
            .Select(context => $"{context.Path}.{profile}.type is not set")
            .Concat(Outside(pod.Contexts, [profile, "type"], type => IsOneOf(type, Profiles)));

    private static IEnumerable<string> Annotated(JudgedPod pod, string prefix, ImmutableArray<string> allowed) =>
        pod.Annotations.Where(annotation => annotation.Name.StartsWith(prefix, StringComparison.Ordinal)
                && annotation.Value.ValueKind == JsonValueKind.String && !IsOneOf(annotation.Value, allowed)
                && !annotation.Value.GetString()!.StartsWith("localhost/", StringComparison.Ordinal))
            .Select(annotation => $"metadata.annotations[{annotation.Name}] is {Shown(annotation.Value)}");

    // Up to 1.18 seccomp was set by annotations.
    private static IEnumerable<string> Seccomp(JudgedPod pod)
    {
        ImmutableArray<string> allowed = ["runtime/default", "docker/default"];
        return pod.Version.Minor >= 19
            ? ProfileTypes(pod, "seccompProfile")
            : Annotated(pod, PodSeccompAnnotation, allowed).Concat(pod.Containers.SelectMany(container =>
                Annotated(pod, ContainerSeccompAnnotation + container.Json.Text("name"), allowed)));
    }

    private static ImmutableArray<string> SeLinuxTypes(KubernetesVersion version)
    {
        ImmutableArray<string> types = ["", "container_t", "container_init_t", "container_kvm_t"];
        return version.Minor >= 31 ? types.Add("container_engine_t") : types;
    }

    private static string SeLinuxAllowed(KubernetesVersion version) =>
        $"no user, no role, and type unset or one of {string.Join(", ", SeLinuxTypes(version).Skip(1))}";

    private static IEnumerable<string> SeLinuxOptions(JudgedPod pod) =>
        Outside(pod.Contexts, ["seLinuxOptions", "type"], type => IsOneOf(type, SeLinuxTypes(pod.Version)))
            .Concat(Outside(pod.Contexts, ["seLinuxOptions", "user"], user => IsOneOf(user, [""])))
            .Concat(Outside(pod.Contexts, ["seLinuxOptions", "role"], role => IsOneOf(role, [""])));

    private static IEnumerable<string> ProcMounts(JudgedPod pod) =>
        Outside(pod.ContainerContexts, ["procMount"], mount => IsOneOf(mount, ["Default"]));

    // A volume without a source is an emptyDir to the API server.
    private static IEnumerable<string> OtherVolumes(JudgedPod pod) =>
        from volume in pod.Spec.List("volumes")
        where volume.ValueKind == JsonValueKind.Object && RestrictedVolumes.All(source => volume.At(source) is null)
        from member in volume.EnumerateObject()
        where member.Name != "name" && member.Value.ValueKind != JsonValueKind.Null
        select $"{NameOf(volume)} is a {member.Name} volume";

    private static IEnumerable<string> RunAsNonRoot(JudgedPod pod) =>
        Outside(pod.Contexts, ["runAsNonRoot"], value => value.ValueKind == JsonValueKind.True)
            .Concat(pod.Spec.At("securityContext", "runAsNonRoot") is { ValueKind: JsonValueKind.True }
                ? []
                : pod.ContainerContexts.Where(context => context.Json.At("runAsNonRoot") is null)
                    .Select(context => $"{context.Path}.runAsNonRoot is not set"));

    private static IEnumerable<string> RequiredSeccomp(JudgedPod pod) =>
        ProfileTypes(pod, "seccompProfile").Concat(pod.Spec.At("securityContext", "seccompProfile") is not null
            ? []
            : pod.ContainerContexts.Where(context => context.Json.At("seccompProfile") is null)
                .Select(context => $"{context.Path}.seccompProfile.type is not set"));
}
