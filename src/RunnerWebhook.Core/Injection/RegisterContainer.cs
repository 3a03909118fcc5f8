using System.Collections.Immutable;
using System.Text.Json.Nodes;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Registration;
using RunnerWebhook.Core.Settings;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Core.Injection;

/// <summary>The init container that registers the runner.</summary>
internal static class RegisterContainer
{
    /// <summary>The init container of a profile, for a runner container that it mirrors.</summary>
    /// <param name="profile">The settings.</param>
    /// <param name="pod">The pod.</param>
    public static JsonObject Of(RunnerProfile profile, RunnerPod pod)
    {
        var runner = pod.Runner;
        var settings = profile.InitContainer;
        var container = new JsonObject
        {
            ["name"] = settings.Name,
            ["image"] = Image(profile, runner),
        };
        if (settings.Image.Length == 0 && runner.Json.At("imagePullPolicy") is { } pullPolicy)
        {
            container["imagePullPolicy"] = JsonText.ToNode(pullPolicy);
        }

        AddCommand(container, profile, Arguments(profile, runner));
        var mirror = Mirror(profile, pod);
        JsonArray environment = [.. Environment(profile, pod, mirror.Home), .. mirror.Env];
        if (environment.Count > 0)
        {
            container["env"] = environment;
        }

        if (PodResources.Share(pod.Template, settings.Resources) is { } resources)
        {
            container["resources"] = resources;
        }

        // So that it passes wherever the runner passes: Pod Security, user id, file ownership.
        foreach (var name in RunnerAccess.Fields)
        {
            if (runner.Json.At(name) is { } field)
            {
                container[name] = JsonText.ToNode(field);
            }
        }

        var own = new List<JsonNode> { ConfigMount(profile, pod) };
        own.AddRange(MountedFile.All(profile).Select(file => file.ToMount()));
        container["volumeMounts"] = new JsonArray(
            [.. own, .. mirror.Mounts(own.Select(mount => (string)mount["mountPath"]!))]);
        return container;
    }

    private static JsonObject ConfigMount(RunnerProfile profile, RunnerPod pod) => new()
    {
        ["name"] = profile.ConfigVolume.Name,
        ["mountPath"] = pod.ConfigFile.MountPath,
        ["readOnly"] = false,
    };

    private static AccessMirror Mirror(RunnerProfile profile, RunnerPod pod)
    {
        var paths = RunnerAccess.PathOptions.SelectMany(option => profile.Register.GetValueOrDefault(option, [])
            .Concat(profile.ExtraArgs.Where(argument => argument.StartsWith($"--{option}=", StringComparison.Ordinal))
                .Select(argument => argument[(option.Length + 3)..])));
        return new(pod.Template, pod.Runner, AccessUse.Registration, paths, [pod.ConfigFile.MountPath]);
    }

    /// <summary>The variable by which gitlab-runner finds <c>config.toml</c> is, for the runner container: as root it looks
    /// in its own folder, as any other user below HOME. Null if neither guard nor hook need it and the folder is its
    /// own.</summary>
    public static JsonObject? RunnerEnvironment(RunnerProfile profile, ConfigFile file) =>
        NeedsConfigFile(profile, file) ? Variable(ConfigFile.Variable, file.Path) : null;

    /// <summary>The image that registers.</summary>
    public static string Image(RunnerProfile profile, Container runner) =>
        profile.InitContainer.Image.Length > 0 ? profile.InitContainer.Image : runner.Image;

    /// <summary>The arguments of gitlab-runner.</summary>
    public static ImmutableArray<string> Arguments(RunnerProfile profile, Container runner) => RegisterCommand.Arguments(
        profile, MountedFile.Template(profile)?.Path, RunnerRelease.Of(Image(profile, runner)));

    private static void AddCommand(JsonObject container, RunnerProfile profile, ImmutableArray<string> words)
    {
        var arguments = words.Select(argument => (JsonNode?)argument).ToArray();
        if (profile.InitContainer.Guard)
        {
            container["command"] = new JsonArray("/bin/sh", "-c", Scripts.Guard, "init-runner");
            container["args"] = new JsonArray(arguments);
        }
        else
        {
            container["command"] = new JsonArray(["gitlab-runner", .. arguments]);
        }
    }

    private static List<JsonNode?> Environment(RunnerProfile profile, RunnerPod pod, string? home)
    {
        var environment = new List<JsonNode?>();
        if (profile.Token.Value is null)
        {
            environment.Add(SecretVariable(
                RegisterCommand.TokenVariable(profile.Token.Mode), profile.Token.SecretName, profile.Token.SecretKey));
        }
        else if (profile.InitContainer.Guard)
        {
            environment.Add(Variable(
                RegisterCommand.TokenVariable(profile.Token.Mode), VariableReference.Escape(profile.Token.Value)));
        }

        if (profile.Cache is { } cache)
        {
            foreach (var option in CacheSettings.Options.Where(option => cache.Keys.ContainsKey(option.Name)))
            {
                environment.Add(SecretVariable(option.Variable, cache.SecretName, cache.Keys[option.Name]));
            }
        }

        if (NeedsConfigFile(profile, pod.ConfigFile))
        {
            environment.Add(Variable(ConfigFile.Variable, pod.ConfigFile.Path));
        }

        if (profile.InitContainer.Guard)
        {
            // gitlab-runner stops if HOME is not set, as for a user ID that the image does not know.
            environment.Add(Variable("HOME", home ?? pod.ConfigFile.Directory));
            if (GlobalSection.ToToml(profile.Global) is var toml and not GlobalSection.RunnersOwn)
            {
                environment.Add(Variable("RUNNER_GLOBAL", toml));
            }

            if (profile.Lifecycle.StableSystemId)
            {
                AddIdentity(environment, pod.Workload);
            }
        }

        return environment;
    }

    // A DaemonSet's runner belongs to its node, unless two of its pods can run there. All others belong to their pod. The name
    // of the DaemonSet keeps two of them on one node apart, and from a pod that is named like the node.
    private static void AddIdentity(List<JsonNode?> environment, Workload workload)
    {
        var isNodes = workload.Kind.Kind == "DaemonSet" && !workload.Surges && workload.Name.Length > 0;
        environment.Add(FieldVariable("PLACE", isNodes ? "spec.nodeName" : "metadata.name"));
        environment.Add(FieldVariable("NAMESPACE", "metadata.namespace"));
        if (isNodes)
        {
            // In a variable of its own the name leaves the container's digest alone, which a policy must be able to state.
            environment.Add(Variable("OWNER", VariableReference.Escape(workload.Name)));
        }

        environment.Add(Variable("RUNNER_IDENTITY", isNodes ? "$(NAMESPACE)/$(OWNER)/$(PLACE)" : "$(NAMESPACE)/$(PLACE)"));
    }

    // The preStop hook looks there too.
    private static bool NeedsConfigFile(RunnerProfile profile, ConfigFile file) => profile.InitContainer.Guard
        || profile.Lifecycle.Unregister || file.Path != WellKnown.RunnerDirectory + "/" + ConfigFile.UsualName;

    /// <summary>The command of the preStop hook: the file that the guard leaves, or the script itself if there is no
    /// guard.</summary>
    public static JsonArray HookCommand(RunnerProfile profile, ConfigFile file) => profile.InitContainer.Guard
        ? new("/bin/sh", $"{file.Directory}/{Scripts.HookFile}", "unregister")
        : new("/bin/sh", "-c", Scripts.Hook, "init-runner", "unregister");

    private static JsonObject Variable(string name, string value) => new() { ["name"] = name, ["value"] = value };

    private static JsonObject SecretVariable(string name, string secret, string key) => new()
    {
        ["name"] = name,
        ["valueFrom"] = new JsonObject { ["secretKeyRef"] = new JsonObject { ["name"] = secret, ["key"] = key } },
    };

    private static JsonObject FieldVariable(string name, string fieldPath) => new()
    {
        ["name"] = name,
        ["valueFrom"] = new JsonObject { ["fieldRef"] = new JsonObject { ["fieldPath"] = fieldPath } },
    };
}
