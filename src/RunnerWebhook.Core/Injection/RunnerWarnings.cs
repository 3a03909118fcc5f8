using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Registration;
using RunnerWebhook.Core.Resolution;
using RunnerWebhook.Core.Settings;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Core.Injection;

/// <summary>Warnings where a pod is fine for Kubernetes and experience says that its runner will hurt.</summary>
internal sealed class RunnerWarnings
{
    private const int ShortSeconds = 30;

    // Other programs read those of Docker's client too, and those of RunnerAccess are handed on.
    private static readonly FrozenSet<string> RegisterVariables = RegisterOptions.All.Select(option => option.Variable)
        .Where(name => name.StartsWith("RUNNER_", StringComparison.Ordinal)
            || name.StartsWith("REGISTER_", StringComparison.Ordinal)
            || (name.StartsWith("DOCKER_", StringComparison.Ordinal)
                && name is not ("DOCKER_HOST" or "DOCKER_CERT_PATH" or "DOCKER_TLS_VERIFY")))
        .Append("REGISTRATION_TOKEN").ToFrozenSet(StringComparer.Ordinal);

    private readonly RunnerPod _pod;
    private readonly RunnerProfile _profile;
    private readonly ImageReference _runner;
    private readonly bool _isGraceRaised;

    /// <param name="pod">The pod.</param>
    /// <param name="profile">The settings, with what the engine provides.</param>
    /// <param name="isGraceRaised">Whether a grace period is among the pieces.</param>
    public RunnerWarnings(RunnerPod pod, RunnerProfile profile, bool isGraceRaised)
    {
        (_pod, _profile, _isGraceRaised) = (pod, profile, isGraceRaised);
        _runner = ImageReference.Parse(pod.Runner.Image);
    }

    private (int Major, int? Minor)? RunnerImageRelease => RunnerRelease.Of(_pod.Runner.Image);

    private string RegisteringImage => RegisterContainer.Image(_profile, _pod.Runner);

    /// <summary>Every warning, the most urgent first.</summary>
    public IEnumerable<string> All() => new[]
    {
        OnFloatingImages(), OnDocker29(), OnReadOnlyConfiguration(), OnShell(), OnGracePeriod(), OnDindServices(), OnCommand(),
        OnDockerMachine(), OnPullPolicies(), OnGuess(), OnRegisterVariables(), OnMesh(), OnOtherRunners(), OnRotation(),
        OnAnnotations(), RunnerEnvFrom.Advice(_pod.Runner),
    }.OfType<string>().Concat(OnOldRelease()).Concat(OnVariables());

    private string? OnFloatingImages()
    {
        var floating = Images().Where(image => ImageReference.Parse(image).IsLatest).Distinct().ToArray();
        return floating.Length == 0 ? null : $"{string.Join(", ", floating)} {(floating.Length > 1 ? "are" : "is")} not pinned: "
            + "the next start may pull a different release; use a versioned tag";
    }

    // Source: Docker 29 speaks API 1.44 and later; the runner's client ends at 1.43 up to 17.4.
    private string? OnDocker29()
    {
        var isOld = RunnerImageRelease is { Minor: { } minor } release && (release.Major, minor).CompareTo((17, 4)) <= 0;
        var engine = Images().FirstOrDefault(image => ImageReference.Parse(image) is { Name: "docker" } docker
            && docker.Release?.Major is null or >= 29 && !docker.HasDigest);
        return isOld && engine is not null
            ? $"{engine} {(ImageReference.Parse(engine).Release is null ? "may become" : "is")} Docker 29 or later, whose "
                + "engine no gitlab-runner up to 17.4 can talk to (API 1.44): use docker:28, or a later runner"
            : null;
    }

    private string? OnReadOnlyConfiguration() => RunnerImageRelease is (12, 5 or 6) or (15, 7 or 8)
        ? $"gitlab-runner {_runner.Tag} does not start with a read-only configuration, as it is here: use another release"
        : null;

    private string? OnShell()
    {
        var command = _pod.Runner.Json.At("command") is null ? [] : _pod.Runner.CommandLine;
        return ShellCommand.ScriptOf(command) is { } script && ShellCommand.SwallowsSignals(script)
            ? $"container {_pod.Runner.Name} starts gitlab-runner as a child of a shell, which doesn't pass SIGQUIT on: "
                + "running jobs are killed when the pod stops; write exec gitlab-runner run"
            : null;
    }

    // A script in a file can't be read from here.
    private string? OnCommand()
    {
        var calls = RunnerCommand.OfRunner(_pod.Runner);
        return calls.Any(call => call.Verb == "run") ? null : $"container {_pod.Runner.Name} is not "
            + $"seen to call gitlab-runner run (its command is {_pod.Runner.CommandLine.FirstOrDefault()}): make sure that it "
            + $"does, with the configuration file {_pod.ConfigFile.Path}, and does not register a runner itself";
    }

    // kustomize labels every workload of a folder.
    private string? OnGuess()
    {
        var runner = _pod.Runner;
        var isChosen = runner.Name == WellKnown.RunnerContainer
            || RunnerContainer.Annotated(_pod.Template, _pod.Workload) is not null;
        return isChosen || runner.CommandLine.Prepend(runner.Image).Any(word => word.Contains("runner", StringComparison.Ordinal))
            ? null
            : $"container {runner.Name} is taken for the runner, as it is the only one, but nothing in it names gitlab-runner: "
                + $"name it {WellKnown.RunnerContainer}, or remove the label";
    }

    private string? OnRegisterVariables()
    {
        var names = _pod.Runner.EnvNames.Where(RegisterVariables.Contains).ToArray();
        return names.Length == 0 ? null : $"container {_pod.Runner.Name} sets {string.Join(", ", names.Take(3))}"
            + (names.Length > 3 ? $" and {names.Length - 3} more" : "")
            + ", which only register reads, and the registration does not get: use the configuration, or annotations such as "
            + "gitlab-runner/tag-list";
    }

    private string? OnAnnotations() => _pod.Template.Annotations.Keys.Concat(_pod.Workload.Annotations.Keys).Distinct()
        .Order(StringComparer.Ordinal).Select(key => (Key: key, Name: SettingsResolver.MeantBy(key)))
        .FirstOrDefault(found => found.Name is not null) is { Name: { } name } meant
        ? $"annotation {meant.Key} is ignored: write {WellKnown.AnnotationPrefix}{name}"
        : null;

    private string? OnMesh() => ServiceMesh.CheckIn(_pod.Template) is { } check
        ? $"init container {check.Name} says that a service mesh takes the traffic of init containers to a proxy that runs only "
            + "after them, so that the registration can't reach GitLab: use the mesh's native sidecars, or exclude GitLab from it"
        : null;

    private string? OnOtherRunners() => _pod.Template.Containers.FirstOrDefault(own => own.Index != _pod.Runner.Index
            && RunnerCommand.OfOther(own, _pod.Runner.Image).Any(call => call.Verb == "run")) is { } other
        ? $"container {other.Name} runs gitlab-runner too, but only {_pod.Runner.Name} is registered: put {other.Name} into a "
            + "workload of its own"
        : null;

    private string? OnRotation() => Values("feature-flags").Any(flags => flags.Contains(
            $"\"{RunnerDefaults.NoRotation}\":false", StringComparison.Ordinal))
        ? $"feature-flags sets {RunnerDefaults.NoRotation} to false: the runner then replaces a token that expires, but can't "
            + "save the new one in its read-only configuration; remove it"
        : null;

    private string? OnGracePeriod()
    {
        var own = PieceAddress.GracePeriod.Find(_pod.Template.Json)?.Value;
        var seconds = own is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var value)
            ? value
            : InjectionPlanner.DefaultGracePeriodSeconds;
        return _isGraceRaised || seconds > ShortSeconds ? null : $"when the pod stops, running jobs get {seconds} seconds to end "
            + "and are then killed: set lifecycle.gracePeriodSeconds, or terminationGracePeriodSeconds";
    }

    // Volumes of jobs are mounted in their services too.
    private string? OnDindServices()
    {
        var socket = Values("docker-volumes").FirstOrDefault(volume => volume.Split(':') is [_, var target, ..]
            && target.EndsWith("/docker.sock", StringComparison.Ordinal));
        var wantsDind = Values("docker-privileged").Contains("true") || Values("docker-services_privileged").Contains("true")
            || Values("docker-allowed-services").Concat(Values("docker-allowed-privileged-services"))
                .Any(image => image.Contains("dind", StringComparison.Ordinal));
        return socket is not null && wantsDind
            ? $"docker-volumes puts {socket.Split(':')[1]} into the services of jobs too, where a docker:dind service can't "
                + "start: jobs use the socket, or the service, not both"
            : null;
    }

    private string? OnDockerMachine() => Values("executor").Contains("docker+machine")
        ? "executor docker+machine is removed in gitlab-runner 20.0: use docker-autoscaler"
        : null;

    private string? OnPullPolicies() => Values("docker-pull-policy").Length > 1 && RunnerRelease.Of(RegisteringImage) is null
        ? $"the image {RegisteringImage} names no release: docker-pull-policy with several values is written for gitlab-runner "
            + $"{RegisterOption.JoinedSince} and later, and older ones refuse jobs; use a versioned tag"
        : null;

    private IEnumerable<string> OnOldRelease() => _profile.Register
        .Where(entry => entry.Value.Any(value => value.Length > 0)).OrderBy(entry => entry.Key, StringComparer.Ordinal)
        .Select(entry => RegisterOptions.Find(entry.Key)!)
        .Where(option => option.Since.Length > 0 && RunnerRelease.IsBefore(RunnerRelease.Of(RegisteringImage), option.Since))
        .Select(option => $"the registration will fail: {option.Name} needs gitlab-runner {option.Since}, but the image is "
            + $"{RegisteringImage}; use a later release, or remove the option");

    private IEnumerable<string> OnVariables()
    {
        var hasOtherHost = _pod.Runner.EnvNames.Contains("DOCKER_HOST")
            && Variable("DOCKER_HOST") != "unix://" + _profile.Engine.SocketPath;
        if (hasOtherHost && _profile.Engine.Kind != EngineKind.None && Values("docker-host").All(string.IsNullOrEmpty))
        {
            yield return $"container {_pod.Runner.Name} sets DOCKER_HOST, which gitlab-runner uses instead of the mounted "
                + "socket: remove it, or set docker-host";
        }

        var server = _pod.Runner.EnvNames.Where(name => name is "CI_SERVER_URL" or "CI_SERVER_TOKEN").ToArray();
        if (server.Length > 0)
        {
            yield return $"container {_pod.Runner.Name} sets {string.Join(" and ", server)}: gitlab-runner verify before "
                + "19.3, in a probe for example, then looks for that runner alone and fails";
        }
    }

    private string? Variable(string name) => _pod.Runner.Env.LastOrDefault(own => own.Name == name)?.Value;

    private ImmutableArray<string> Values(string option) => _profile.Register.GetValueOrDefault(option, []);

    // The runner's own comes first.
    private IEnumerable<string> Images()
    {
        string[] own = [_pod.Runner.Image, _profile.InitContainer.Image];
        var engine = _profile.Engine.Kind switch
        {
            EngineKind.Dind => _profile.Engine.Dind.Image,
            EngineKind.Podman => _profile.Engine.Podman.Image,
            _ => "",
        };
        return own.Append(engine).Concat(Values("docker-image")).Where(image => image.Length > 0);
    }
}
