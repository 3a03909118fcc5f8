using System.Text.Json.Nodes;
using RunnerWebhook.Tests.Serve;
using Xunit;

namespace RunnerWebhook.Tests.Injection;

/// <summary>Pods of a size that an API server takes, made so that a decision takes long: whatever is in them, it comes in time.</summary>
public sealed class HostilePodTests
{
    private const int Many = 10_000;

    private static readonly Dictionary<string, Action<JsonObject, JsonObject>> Pods = new()
    {
        ["variables that refer to each other"] = (_, runner) => runner["env"] = List(Many, i =>
            Variable(i == Many - 1 ? "HTTPS_PROXY" : $"V{i}", $"$(V{i - 1})")),
        ["a variable that refers to many"] = (_, runner) => runner["env"] = List(Many, i => i < Many - 1
            ? Variable($"V{i}", "x") : Variable("HTTPS_PROXY", string.Concat(Enumerable.Range(0, Many).Select(v => $"$(V{v})")))),
        ["many folders of certificates"] = (spec, runner) =>
        {
            Mounts(spec, runner, 3_000, i => $"/a/{i}");
            runner["env"] = new JsonArray(Variable(
                "SSL_CERT_DIR", string.Join(':', Enumerable.Range(0, 20_000).Select(i => $"/a/{i}/b"))));
        },
        ["many mounts below the configuration"] = (spec, runner) => Mounts(spec, runner, 3_000, i => $"/etc/gitlab-runner/{i}"),
        ["many containers that share a volume"] = (spec, runner) =>
        {
            Mounts(spec, runner, 1, _ => "/etc/gitlab-runner");
            runner["args"] = new JsonArray("sh", "-c", string.Concat(Enumerable.Repeat("true;", 20_000)));
            spec["initContainers"] = List(2_000, i => Writer($"c{i}", "cp a b;", 1));
        },
        ["a name of what begins like tokens, over and over"] = (spec, _) => Name(spec, "eyJ-"),
        ["a name of what begins like passwords, over and over"] = (spec, _) => Name(spec, "://a:b"),
        ["many written files, many mounts"] = (spec, runner) =>
        {
            Mounts(spec, runner, 1, _ => "/etc/gitlab-runner");
            spec["initContainers"] = new JsonArray(Writer("c", $"cp {string.Concat(Enumerable.Repeat("a ", 50_000))}/b;> x;", 3_000));
        },
    };

    public static IEnumerable<TheoryDataRow<string>> Names => Pods.Keys.Select(name => new TheoryDataRow<string>(name));

    [Theory]
    [MemberData(nameof(Names))]
    public void Inject_PodMadeToTakeLong_IsDecidedInTime(string name)
    {
        var pod = SampleObjects.Pod();
        var spec = pod["spec"]!.AsObject();
        Pods[name](spec, spec["containers"]![0]!.AsObject());
        var scenario = new InjectorScenario();

        var taken = ProcessorTime.Of(() => scenario.Create(pod));

        // Without bounds it is minutes, or the end of the stack.
        Assert.InRange(taken, TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    // The refusal names both containers.
    private static void Name(JsonObject spec, string part)
    {
        spec["containers"]![0]!["name"] = "a";
        spec["containers"]!.AsArray().Add(new JsonObject { ["name"] = string.Concat(Enumerable.Repeat(part, 200_000)) });
    }

    private static JsonArray List(int count, Func<int, JsonNode> element) =>
        new([.. Enumerable.Range(0, count).Select(element)]);

    private static JsonObject Variable(string name, string value) => new() { ["name"] = name, ["value"] = value };

    private static JsonObject Writer(string name, string script, int mounts) => new()
    {
        ["name"] = name,
        ["image"] = "busybox:1",
        ["command"] = new JsonArray("sh", "-c", script),
        ["volumeMounts"] = List(mounts, i => Mount(0, $"/{i}")),
    };

    private static void Mounts(JsonObject spec, JsonObject runner, int count, Func<int, string> path)
    {
        spec["volumes"] = List(count, i => new JsonObject { ["name"] = $"v{i}", ["emptyDir"] = new JsonObject() });
        runner["volumeMounts"] = List(count, i => Mount(i, path(i)));
    }

    private static JsonObject Mount(int volume, string path) => new() { ["name"] = $"v{volume}", ["mountPath"] = path };
}
