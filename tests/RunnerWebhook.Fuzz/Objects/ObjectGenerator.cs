using System.Text.Json.Nodes;

namespace RunnerWebhook.Fuzz.Objects;

/// <summary>Makes valid Pods that ask for a runner, with the shapes that people and other webhooks give them.</summary>
internal static class ObjectGenerator
{
    private static readonly (string Name, string Value)[] Annotations =
    [
        ("gitlab-runner/tag-list", "a,b"), ("gitlab-runner/description", "x y"), ("gitlab-runner/engine", "none"),
        ("gitlab-runner/engine", "dind"), ("gitlab-runner/limit", "3"), ("gitlab-runner/token-secret", "mine"),
        ("gitlab-runner/docker-image", "alpine:3"), ("gitlab-runner/nonsense", "1"), ("gitlab-runner/limit", "many"),
        ("other/annotation", "{\"a\":1}"), ("gitlab-runner/docker-privileged", "true"), ("gitlab-runner/docker-volumes", "/etc:/etc"),
    ];

    private static readonly string[] VolumeNames = ["v0", "data", "runner-config", "docker-socket", "cache", "docker-data"];

    private static readonly string[] Paths =
        ["/data", "/etc/gitlab-runner", "/var/run/docker.sock", "/etc/gitlab-runner/certs", "/run/dind", "/cache", "/etc/gitlab-runner/"];

    private static readonly string[] OtherNames = ["first", "init-runner", "sidecar", "dind"];

    /// <summary>A Pod.</summary>
    public static JsonObject Pod(Choices choices)
    {
        var metadata = new JsonObject
        {
            ["name"] = "runner",
            ["namespace"] = choices.Of(["team-a", "team-b", "default"]),
            ["labels"] = new JsonObject { ["gitlab-runner"] = "inject" },
        };
        AddAnnotations(metadata, choices);
        Fields.AddUnknown(metadata, choices);
        var spec = new JsonObject();
        var names = new List<string>();
        AddVolumes(spec, names, choices);
        var others = new Queue<string>(OtherNames.Skip(choices.Next(OtherNames.Length)));
        AddContainers(spec, "containers", others, names, choices, withRunner: true);
        if (choices.OneIn(2))
        {
            AddContainers(spec, "initContainers", others, names, choices, withRunner: false);
        }

        Fields.AddToPod(spec, choices);
        var pod = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Pod", ["metadata"] = metadata, ["spec"] = spec };
        Fields.AddUnknown(pod, choices);
        return pod;
    }

    /// <summary>A DaemonSet of a Pod's template.</summary>
    public static JsonObject DaemonSet(JsonObject pod)
    {
        var metadata = pod["metadata"]!.DeepClone().AsObject();
        metadata.Remove("annotations");
        return new JsonObject
        {
            ["apiVersion"] = "apps/v1",
            ["kind"] = "DaemonSet",
            ["metadata"] = metadata,
            ["spec"] = new JsonObject
            {
                ["selector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["gitlab-runner"] = "inject" } },
                ["template"] = new JsonObject { ["metadata"] = pod["metadata"]!.DeepClone(), ["spec"] = pod["spec"]!.DeepClone() },
            },
        };
    }

    private static void AddAnnotations(JsonObject metadata, Choices choices)
    {
        if (!choices.OneIn(2))
        {
            return;
        }

        var annotations = new JsonObject();
        for (var count = choices.Next(4); count > 0; count--)
        {
            var (name, value) = choices.Of(Annotations);
            annotations[name] = value;
        }

        metadata["annotations"] = choices.OneIn(8) ? null : annotations;
    }

    private static void AddVolumes(JsonObject spec, List<string> names, Choices choices)
    {
        var count = choices.Next(3);
        var volumes = new JsonArray();
        foreach (var name in VolumeNames.Skip(choices.Next(VolumeNames.Length)).Take(count))
        {
            names.Add(name);
            volumes.Add((JsonNode)Fields.Volume(name, choices));
        }

        if (count > 0)
        {
            spec["volumes"] = volumes;
        }
    }

    private static void AddContainers(JsonObject spec, string list, Queue<string> others, List<string> volumes, Choices choices,
        bool withRunner)
    {
        var containers = new JsonArray();
        var (count, runnerAt) = (1 + choices.Next(3), choices.Next(3));
        for (var at = 0; at < count; at++)
        {
            var isRunner = withRunner && at == Math.Min(runnerAt, count - 1);
            if (isRunner || others.TryDequeue(out _))
            {
                var name = isRunner ? choices.OneIn(8) ? "main" : "gitlab-runner" : $"{list[0]}{at}";
                containers.Add((JsonNode)Container(name, volumes, choices, isInit: !withRunner));
            }
        }

        if (!withRunner && others.TryPeek(out var named) && choices.OneIn(3))
        {
            containers.Add((JsonNode)Container(named, volumes, choices, isInit: true));
        }

        spec[list] = containers;
    }

    private static JsonObject Container(string name, List<string> volumes, Choices choices, bool isInit)
    {
        var container = new JsonObject
        {
            ["name"] = name,
            ["image"] = choices.Of(["gitlab/gitlab-runner:v17.5.0", "gitlab/gitlab-runner:latest", "docker.io/x@sha256:00", "i"]),
        };
        Fields.AddToContainer(container, choices);
        if (isInit && choices.OneIn(3))
        {
            container["restartPolicy"] = "Always";
        }

        var mounts = new JsonArray();
        foreach (var volume in volumes.Where(_ => choices.OneIn(2)))
        {
            mounts.Add((JsonNode)Fields.Mount(volume, choices.Of(Paths), choices));
        }

        if (mounts.Count > 0)
        {
            container["volumeMounts"] = mounts;
        }

        return container;
    }
}
