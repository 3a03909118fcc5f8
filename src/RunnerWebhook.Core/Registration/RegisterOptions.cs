using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using RunnerWebhook.Core.Json;
using static RunnerWebhook.Core.Registration.RegisterOptionKind;
using static RunnerWebhook.Core.Registration.RegisterOptionShape;

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
        .. new[] { GitLabOptions(), RunnerOptions(), DockerOptions.All(), CacheOptions.All() }
            .SelectMany(options => options).Select(option => option with { Since = OptionReleases.Of(option.Name) }),
    ];

    private static readonly FrozenDictionary<string, RegisterOption> ByName =
        All.ToFrozenDictionary(option => option.Name, StringComparer.Ordinal);

    /// <summary>The option of a name, or null if there is none.</summary>
    public static RegisterOption? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>What is shown in place of a credential.</summary>
    public const string NotShown = "(not shown)";

    /// <summary>An option's value as the configuration file writes it: one, or a list. A credential is not shown.</summary>
    public static JsonNode Shown(string name, ImmutableArray<string> values) => Find(name) switch
    {
        { Secret: true } => NotShown,
        { Kind: RegisterOptionKind.Boolean or Number, IsList: false } when values is [var value] => JsonNode.Parse(value)!,
        { IsMap: true } when values is [{ Length: > 0 } value] => JsonNode.Parse(value)!,
        { IsList: false } when values is [var value] => value,
        _ => JsonText.Array(values),
    };

    private static RegisterOption[] GitLabOptions() =>
    [
        Runner("url", Url, "The GitLab instance") with { Variable = "CI_SERVER_URL" },
        Runner("description", Text, "The runner's name, in GitLab and in config.toml") with
        {
            Key = "[[runners]] name",
            Variable = "RUNNER_NAME",
        },
        Server("tag-list", Text, "Tags of the jobs that the runner takes") with
        {
            Shape = Joined,
            Variable = "RUNNER_TAG_LIST",
        },
        Server("run-untagged", RegisterOptionKind.Boolean, "Whether it takes jobs without tags; true if it has no tags"),
        Server("locked", RegisterOptionKind.Boolean, "Whether it stays with its project; GitLab's own default is true"),
        Server("access-level", Word, "Whether it takes the jobs of protected branches and tags only") with
        {
            Words = ["not_protected", "ref_protected"],
        },
        Server("paused", RegisterOptionKind.Boolean, "Whether it takes no jobs until it is resumed in GitLab"),
        Server("maximum-timeout", Number, "The longest time that a job may take, in seconds; 0 for none") with
        {
            Min = 600,
            OrZero = true,
        },
        Server("maintenance-note", Text, "A note for GitLab's administrators") with
        {
            MaxLength = 255,
            MultiLine = true,
        },
        new("leave-runner", RegisterOptionKind.Boolean, "Whether the runner stays in GitLab if a later step fails")
        {
            Variable = "REGISTER_LEAVE_RUNNER",
        },
    ];

    private static RegisterOption[] RunnerOptions() =>
    [
        Runner("executor", Word, "What runs the jobs; this program knows docker best") with
        {
            Words = ["docker", "custom", "docker+machine", "docker-autoscaler", "docker-windows", "instance", "kubernetes",
                "parallels", "shell", "ssh", "virtualbox"],
        },
        Runner("limit", Number, "How many jobs it runs at once; 0 for no limit but global.concurrent"),
        Runner("request-concurrency", Number, "How many requests for jobs it makes at once") with { Min = 1 },
        Runner("output-limit", Number, "The longest log of a job, in kilobytes; the runner's own default is 4096"),
        Runner("strict-check-interval", RegisterOptionKind.Boolean,
            "Whether it waits global.check_interval even right after a job"),
        Runner("unhealthy-requests-limit", Number, "How many failed requests switch it off for a while"),
        Runner("unhealthy-interval", Duration, "How long it is switched off then") with { Variable = "" },
        Runner("job-status-final-update-retry-limit", Number, "How often it tries to report the end of a job") with
        {
            Variable = "RUNNER_job_status_final_update_retry_limit",
        },
        Runner("prepare-timeout", Duration, "How long a job may take to prepare; unset or 0, as long as the job itself"),
        Runner("get-sources-timeout", Duration,
            "How long a job may take to fetch its sources; unset or 0, as long as the job itself"),
        Runner("use-slot-cgroups", RegisterOptionKind.Boolean, "Whether each of the runner's slots has its own cgroup"),
        Runner("slot-cgroup-template", Text, "The names of those cgroups, with ${slot}"),
        Runner("step-runner-image", Text, "The image that brings the step runner into jobs") with
        {
            Variable = "STEP_RUNNER_IMAGE",
        },
        Runner("proxy-exec", RegisterOptionKind.Boolean, "Whether commands of jobs run through the helper binary; experimental"),
        Runner("builds-dir", Text, "The folder of builds, absolute, in the job's container"),
        Runner("cache-dir", Text, "The folder of caches, absolute, in the job's container"),
        Runner("clone-url", Url, "The URL under which jobs reach GitLab, if it is another one") with
        {
            Variable = "CLONE_URL",
        },
        Runner("env", Assignment, "Variables of every job") with
        {
            Shape = Repeated,
            MultiLine = true,
            Key = "[[runners]] environment",
        },
        Runner("pre-get-sources-script", Text, "Shell commands before the sources are fetched") with
        {
            MultiLine = true,
        },
        Runner("post-get-sources-script", Text, "Shell commands after the sources are fetched") with { MultiLine = true },
        Runner("pre-build-script", Text, "Shell commands before the job's own script") with { MultiLine = true },
        Runner("post-build-script", Text, "Shell commands after the job's own script") with { MultiLine = true },
        Runner("debug-trace-disabled", RegisterOptionKind.Boolean, "Whether CI_DEBUG_TRACE has no effect"),
        Runner("safe-directory-checkout", RegisterOptionKind.Boolean, "Whether the job's folder is in git's safe.directory"),
        Runner("clean-git-config", RegisterOptionKind.Boolean, "Whether git's configuration is cleaned around every job"),
        Runner("custom_build_dir-enabled", RegisterOptionKind.Boolean, "Whether jobs may choose their own build folder") with
        {
            Key = "[runners.custom_build_dir] enabled",
            Variable = "CUSTOM_BUILD_DIR_ENABLED",
        },
        Runner("shell", Word, "The shell for which scripts are written") with
        {
            Words = ["bash", "sh", "pwsh", "powershell", "cmd"],
        },
        Runner("feature-flags", BooleanMap, "The runner's feature flags") with { Variable = "FEATURE_FLAGS" },
        Runner("tls-ca-file", Text, "The CA certificates for GitLab; a path in both containers") with
        {
            Key = "[[runners]] tls-ca-file",
            Variable = "CI_SERVER_TLS_CA_FILE",
        },
        Runner("tls-cert-file", Text, "The client certificate for GitLab; a path in both containers") with
        {
            Key = "[[runners]] tls-cert-file",
            Variable = "CI_SERVER_TLS_CERT_FILE",
        },
        Runner("tls-key-file", Text, "The client certificate's key; a path in both containers") with
        {
            Key = "[[runners]] tls-key-file",
            Variable = "CI_SERVER_TLS_KEY_FILE",
        },
    ];

    private static RegisterOption Server(string name, RegisterOptionKind kind, string meaning) => new(name, kind, meaning)
    {
        ServerSide = true,
        Variable = "REGISTER_" + Upper(name),
    };

    private static RegisterOption Runner(string name, RegisterOptionKind kind, string meaning) => new(name, kind, meaning)
    {
        Key = "[[runners]] " + name.Replace('-', '_'),
        Variable = "RUNNER_" + Upper(name),
    };

    /// <summary>A name in the way of environment variables.</summary>
    internal static string Upper(string name) => name.Replace('-', '_').ToUpperInvariant();
}
