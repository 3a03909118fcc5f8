using static RunnerWebhook.Core.Registration.RegisterOptionKind;
using static RunnerWebhook.Core.Registration.RegisterOptionShape;

namespace RunnerWebhook.Core.Registration;

/// <summary>The register options of the docker executor: <c>[runners.docker]</c>.</summary>
internal static class DockerOptions
{
    private const long Megabyte = 1024 * 1024;

    private static readonly string[] PullPolicies = ["always", "if-not-present", "never"];

    public static IEnumerable<RegisterOption> All() =>
        [.. Engine(), .. Rights(), .. NetworkAndVolumes(), .. ImagesAndServices(), .. Limits(), .. Containers()];

    private static RegisterOption[] Engine() =>
    [
        Docker("host", Text, "The Docker Engine's address; unset, the engine of the profile"),
        Docker("cert-path", Text, "The folder of ca.pem, cert.pem and key.pem for it") with
        {
            Key = "[runners.docker] tls_cert_path",
        },
        Docker("tlsverify", Flag, "Whether its certificate is verified") with
        {
            Key = "[runners.docker] tls_verify",
            Variable = "DOCKER_TLS_VERIFY",
        },
        Docker("image", Text, "The image of jobs that name none"),
        Docker("runtime", Text, "The engine's runtime for containers, as in sysbox-runc"),
        Docker("user", Text, "The user of all commands in the job's container"),
    ];

    private static RegisterOption[] Rights() =>
    [
        Docker("privileged", Flag, "Whether jobs run in privileged containers"),
        Docker("services_privileged", Flag, "Whether services do; unset, they do as jobs do"),
        List("allowed-privileged-images", "Images that may run privileged, with * and **"),
        List("allowed-privileged-services", "Services that may run privileged, with * and **"),
    ];

    private static RegisterOption[] NetworkAndVolumes() =>
    [
        Docker("network-mode", Text, "The network of jobs: bridge, host, none, or a network's name"),
        Docker("network-mtu", Number, "The MTU of networks that are made for jobs") with { Variable = "" },
        Docker("enable-ipv6", Flag, "Whether networks that are made for jobs have IPv6") with { Variable = "" },
        List("volumes", "Volumes of jobs, as docker run takes them"),
        Docker("volume-driver", Text, "The driver of volumes that are made for jobs"),
        Docker("volume-driver-ops", TextMap, "The options of that driver"),
        Docker("volume-keep", Flag, "Whether volumes of jobs are kept after the job; their disk space is not freed then"),
        List("volumes-from", "Containers whose volumes jobs inherit"),
    ];

    private static RegisterOption[] ImagesAndServices() =>
    [
        List("pull-policy", "When images are pulled; several policies are tried in turn") with
        {
            Shape = JoinedLater,
            Kind = Word,
            Words = [.. PullPolicies],
        },
        List("allowed-pull-policies", "The policies that jobs may choose") with { Kind = Word, Words = [.. PullPolicies] },
        List("allowed-images", "Images that jobs may use, with * and **; unset, all"),
        List("allowed_users", "Users that jobs may run as; unset, all"),
        List("allowed-services", "Services that jobs may use, with * and **; unset, all"),
        Docker("services-limit", Number, "How many services a job may have; -1 for any number") with { Min = -1 },
        List("services-security-opt", "Security options of services"),
        Docker("services_devices", ListMap, "Devices of the node for services, by image"),
        Docker("services-tmpfs", TextMap, "File systems in memory for services, by path"),
        Docker("service-memory", Memory, "The memory of a service") with { Min = 4 * Megabyte },
        Docker("service-memory-swap", Memory, "The memory of a service and its swap together"),
        Docker("service-memory-reservation", Memory, "The memory that a service is reduced to if memory is scarce"),
        Docker("service-cgroup-parent", Text, "The cgroup above services"),
        Docker("service-slot-cgroup-template", Text, "The cgroups above services by slot of the runner, with ${slot}"),
        Docker("service-cpuset-cpus", CpuSet, "The CPUs that services run on"),
        Docker("service-cpus", Cpus, "How many CPUs a service may use"),
        Docker("service-cpu-shares", Number, "The weight of services if CPUs are scarce"),
        Docker("service_gpus", Text, "GPUs for services, as docker run takes them"),
    ];

    private static RegisterOption[] Limits() =>
    [
        Docker("memory", Memory, "The memory of a job; Kubernetes' own limits don't reach it") with { Min = 4 * Megabyte },
        Docker("memory-swap", Memory, "The memory of a job and its swap together"),
        Docker("memory-reservation", Memory, "The memory that a job is reduced to if memory is scarce"),
        Docker("cpus", Cpus, "How many CPUs a job may use"),
        Docker("cpuset-cpus", CpuSet, "The CPUs that jobs run on"),
        Docker("cpuset-mems", CpuSet, "The memory nodes that jobs use"),
        Docker("cpu-shares", Number, "The weight of jobs if CPUs are scarce"),
        Docker("cgroup-parent", Text, "The cgroup above jobs"),
        Docker("shm-size", Number, "The size of /dev/shm in bytes"),
        Docker("oom-kill-disable", Flag, "Whether the kernel spares a job that runs out of memory"),
        Docker("oom-score-adjust", Number, "How soon the kernel kills a job that runs out of memory; the higher, the sooner") with
        {
            Min = -1000,
            Max = 1000,
        },
        Docker("ulimit", TextMap, "Limits of processes, as in nofile: 1024:2048"),
        Docker("sysctls", TextMap, "Kernel settings of the job's container"),
        Docker("log-options", TextMap, "Options of the engine's own log of jobs"),
    ];

    private static RegisterOption[] Containers() =>
    [
        List("dns", "DNS servers") with { Kind = IpAddress },
        List("dns-search", "Domains in which short names are looked up"),
        List("extra-hosts", "Names with their addresses, as in gitlab.local:10.0.0.5") with { Kind = HostAddress },
        List("devices", "Devices of the node for jobs"),
        List("device-cgroup-rules", "Rights on devices, as in c 189:* rmw"),
        Docker("gpus", Text, "GPUs for jobs, as docker run takes them"),
        List("cap-add", "Linux capabilities that jobs get"),
        List("cap-drop", "Linux capabilities that jobs lose"),
        List("security-opt", "Security options of jobs, as in seccomp:unconfined"),
        List("group-add", "Further groups of the job's user"),
        Docker("userns", Text, "The user namespace of jobs") with
        {
            Key = "[runners.docker] userns_mode",
            Variable = "DOCKER_USERNS_MODE",
        },
        Docker("ipcmode", Text, "The IPC namespace of jobs") with { Variable = "DOCKER_IPC_MODE" },
        Docker("pid-mode", Text, "The PID namespace of jobs: host, or container:NAME"),
        Docker("isolation", Word, "The isolation of containers on Windows") with { Words = ["default", "hyperv", "process"] },
        Docker("hostname", Text, "The job's host name"),
        Docker("mac-address", MacAddress, "The job's MAC address"),
        List("links", "Containers that jobs are linked to, as in database:db"),
        Docker("tmpfs", TextMap, "File systems in memory for jobs, by path"),
        Docker("container-labels", TextMap, "Labels of every container that is made") with { Variable = "" },
        Docker("disable-entrypoint-overwrite", Flag, "Whether jobs may not replace an image's entry point"),
        Docker("helper-image", Text, "The image that fetches sources and artifacts"),
        Docker("helper-image-flavor", Text, "Its flavour, as in alpine or ubuntu"),
        Docker("disable-cache", Flag, "Whether jobs get no /cache volume"),
        Docker("cache-dir", Text, "The folder of caches on the node"),
        Docker("wait-for-services-timeout", Number, "How long a job waits for its services, in seconds; -1 doesn't wait") with
        {
            Min = -1,
        },
    ];

    private const RegisterOptionKind Flag = RegisterOptionKind.Boolean;

    private static RegisterOption Docker(string name, RegisterOptionKind kind, string meaning) =>
        new("docker-" + name, kind, meaning)
        {
            Key = "[runners.docker] " + name.Replace('-', '_'),
            Variable = "DOCKER_" + RegisterOptions.Upper(name),
        };

    private static RegisterOption List(string name, string meaning) =>
        Docker(name, Text, meaning) with { Shape = Repeated };
}
