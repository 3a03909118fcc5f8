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
        if (Environment(profile, workloadKind) is { Count: > 0 } environment)
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

        container["volumeMounts"] = new JsonArray(new JsonObject
        {
            ["name"] = profile.ConfigVolume.Name,
            ["mountPath"] = profile.ConfigVolume.MountPath,
            ["readOnly"] = false,
        });
        return container;
    }

    /// <summary>The variable that tells gitlab-runner where <c>config.toml</c> is, for the runner container: as root it looks
    /// in its own folder, as any other user below HOME. Null where the guard is off and the folder is its own.</summary>
    public static JsonObject? RunnerEnvironment(RunnerProfile profile) =>
        NeedsConfigFile(profile) ? Variable(ConfigFile, ConfigPath(profile)) : null;

    private static void AddCommand(JsonObject container, RunnerProfile profile)
    {
        var arguments = RegisterCommand.Arguments(profile).Select(argument => (JsonNode?)argument).ToArray();
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

    private static JsonArray Environment(RunnerProfile profile, string workloadKind)
    {
        var environment = new JsonArray();
        if (profile.Token.Value is null)
        {
            environment.Add((JsonNode)new JsonObject
            {
                ["name"] = RegisterCommand.TokenVariable(profile.Token.Mode),
                ["valueFrom"] = new JsonObject
                {
                    ["secretKeyRef"] = new JsonObject
                    {
                        ["name"] = profile.Token.SecretName,
                        ["key"] = profile.Token.SecretKey,
                    },
                },
            });
        }

        if (NeedsConfigFile(profile))
        {
            environment.Add((JsonNode)Variable(ConfigFile, ConfigPath(profile)));
        }

        if (profile.InitContainer.Guard)
        {
            // gitlab-runner stops where HOME is not set, as it is for a user id that the image doesn't know.
            environment.Add((JsonNode)Variable("HOME", ConfigDirectory(profile)));
            environment.Add((JsonNode)Variable("RUNNER_GLOBAL", GlobalSection.ToToml(profile.Global)));
            if (profile.Lifecycle.StableSystemId)
            {
                AddIdentity(environment, workloadKind);
            }
        }

        return environment;
    }

    // A DaemonSet's runner is its node's; any other is its pod's.
    private static void AddIdentity(JsonArray environment, string workloadKind)
    {
        var isDaemonSet = workloadKind == "DaemonSet";
        environment.Add((JsonNode)FieldVariable("RUNNER_PLACE", isDaemonSet ? "spec.nodeName" : "metadata.name"));
        environment.Add((JsonNode)FieldVariable("RUNNER_NAMESPACE", "metadata.namespace"));
        environment.Add((JsonNode)Variable("RUNNER_IDENTITY", "$(RUNNER_NAMESPACE)/$(RUNNER_PLACE)"));
    }

    private static bool NeedsConfigFile(RunnerProfile profile) => profile.InitContainer.Guard
        || !VolumeMount.SamePath(profile.ConfigVolume.MountPath, WellKnown.RunnerDirectory);

    private static string ConfigDirectory(RunnerProfile profile) => profile.ConfigVolume.MountPath.TrimEnd('/');

    private static string ConfigPath(RunnerProfile profile) => ConfigDirectory(profile) + "/config.toml";

    private static JsonObject Variable(string name, string value) => new() { ["name"] = name, ["value"] = value };

    private static JsonObject FieldVariable(string name, string fieldPath) => new()
    {
        ["name"] = name,
        ["valueFrom"] = new JsonObject { ["fieldRef"] = new JsonObject { ["fieldPath"] = fieldPath } },
    };
}
