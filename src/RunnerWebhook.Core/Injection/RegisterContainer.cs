using System.Text.Json;
using System.Text.Json.Nodes;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Registration;
using RunnerWebhook.Core.Settings;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Core.Injection;

/// <summary>The init container that registers the runner.</summary>
internal static class RegisterContainer
{
    private const string ConfigFile = "CONFIG_FILE";

    // Go's net/http reads both spellings; no tool agrees with another on which one it is.
    private static readonly string[] ProxyVariables =
        ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"];

    /// <summary>The init container of a profile, for a runner container that it mirrors.</summary>
    public static JsonObject Of(RunnerProfile profile, Container runner, string workloadKind)
    {
        var settings = profile.InitContainer;
        var container = new JsonObject
        {
            ["name"] = settings.Name,
            ["image"] = settings.Image.Length > 0 ? settings.Image : runner.Image,
        };
        if (settings.Image.Length == 0 && runner.Field("imagePullPolicy") is { } pullPolicy)
        {
            container["imagePullPolicy"] = JsonText.ToNode(pullPolicy);
        }

        AddCommand(container, profile);
        // Whoever runs behind a proxy registers behind it. Of the runner's own variables no other may get in: register reads
        // CI_SERVER_URL, DOCKER_HOST and many more.
        JsonArray environment = [.. Environment(profile, workloadKind), .. Proxies(runner).Select(JsonText.ToNode)];
        if (environment.Count > 0)
        {
            container["env"] = environment;
        }

        if (settings.Resources.EnumerateObject().Any())
        {
            container["resources"] = JsonText.ToNode(settings.Resources);
        }

        // So that it passes wherever the runner passes: Pod Security, user id, file ownership.
        if (runner.Field("securityContext") is { } securityContext)
        {
            container["securityContext"] = JsonText.ToNode(securityContext);
        }

        var config = new JsonObject
        {
            ["name"] = profile.ConfigVolume.Name,
            ["mountPath"] = profile.ConfigVolume.MountPath,
            ["readOnly"] = false,
        };
        container["volumeMounts"] = new JsonArray([config, .. MountedFile.All(profile).Select(file => file.ToMount())]);
        return container;
    }

    /// <summary>The variable that tells gitlab-runner where <c>config.toml</c> is, for the runner container: as root it looks
    /// in its own folder, as any other user below HOME. Null where the guard is off and the folder is its own.</summary>
    public static JsonObject? RunnerEnvironment(RunnerProfile profile) =>
        NeedsConfigFile(profile) ? Variable(ConfigFile, ConfigPath(profile)) : null;

    private static void AddCommand(JsonObject container, RunnerProfile profile)
    {
        var arguments = RegisterCommand.Arguments(profile, MountedFile.Template(profile)?.Path)
            .Select(argument => (JsonNode?)argument).ToArray();
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

    /// <summary>The variables of a container that name its proxy, as they stand.</summary>
    public static IEnumerable<JsonElement> Proxies(Container runner) => runner.Field("env") is { } env
        ? env.EnumerateArray().Where(variable => variable.TryGetProperty("name", out var name)
            && ProxyVariables.Contains(name.GetString(), StringComparer.Ordinal))
        : [];

    private static List<JsonNode?> Environment(RunnerProfile profile, string workloadKind)
    {
        var environment = new List<JsonNode?>();
        if (profile.Token.Value is null)
        {
            environment.Add(SecretVariable(
                RegisterCommand.TokenVariable(profile.Token.Mode), profile.Token.SecretName, profile.Token.SecretKey));
        }

        if (profile.Cache is { } cache)
        {
            foreach (var option in CacheSettings.Options.Where(option => cache.Keys.ContainsKey(option.Name)))
            {
                environment.Add(SecretVariable(option.Variable, cache.SecretName, cache.Keys[option.Name]));
            }
        }

        if (NeedsConfigFile(profile))
        {
            environment.Add(Variable(ConfigFile, ConfigPath(profile)));
        }

        if (profile.InitContainer.Guard)
        {
            // gitlab-runner stops where HOME is not set, as it is for a user id that the image doesn't know.
            environment.Add(Variable("HOME", ConfigDirectory(profile)));
            environment.Add(Variable("RUNNER_GLOBAL", GlobalSection.ToToml(profile.Global)));
            if (profile.Lifecycle.StableSystemId)
            {
                AddIdentity(environment, workloadKind);
            }
        }

        return environment;
    }

    // A DaemonSet's runner is its node's; any other is its pod's.
    private static void AddIdentity(List<JsonNode?> environment, string workloadKind)
    {
        var isDaemonSet = workloadKind == "DaemonSet";
        environment.Add(FieldVariable("RUNNER_PLACE", isDaemonSet ? "spec.nodeName" : "metadata.name"));
        environment.Add(FieldVariable("RUNNER_NAMESPACE", "metadata.namespace"));
        environment.Add(Variable("RUNNER_IDENTITY", "$(RUNNER_NAMESPACE)/$(RUNNER_PLACE)"));
    }

    private static bool NeedsConfigFile(RunnerProfile profile) => profile.InitContainer.Guard
        || !VolumeMount.SamePath(profile.ConfigVolume.MountPath, WellKnown.RunnerDirectory);

    private static string ConfigDirectory(RunnerProfile profile) => profile.ConfigVolume.MountPath.TrimEnd('/');

    private static string ConfigPath(RunnerProfile profile) => ConfigDirectory(profile) + "/config.toml";

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
