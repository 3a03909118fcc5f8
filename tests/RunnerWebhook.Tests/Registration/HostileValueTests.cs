using System.Text.Json.Nodes;
using CsCheck;
using RunnerWebhook.Core.Injection;
using RunnerWebhook.Core.Registration;
using RunnerWebhook.Tests.Injection;
using RunnerWebhook.Tests.Serve;
using Xunit;

namespace RunnerWebhook.Tests.Registration;

/// <summary>Any value of a setting reaches <c>register</c> byte for byte, through patch, kubelet and shell, or is refused.</summary>
public sealed class HostileValueTests
{
    private const int OneMegabyte = 1024 * 1024;

    private static readonly string[] Fragments =
    [
        "'", "\"", "'\"'\"'", "\n", "\r", "\t", " ", "  ", "$(touch /tmp/hostile)", "$(HOME)", "$(RUNNER_NAMESPACE)", "$$", "$$(HOME)",
        "$", "(", ")", "${HOME}", "$HOME", "`id`", "\\", "\\n", "--locked", "-", "--", "=", "*", "?", "~", ";", "|", "&&", ">", "#", "!",
        "%s", "{}", "[]", ",", ":", "/", "ü", "日本", "🦊", "\u2028", "\u0001", "\u001b[31m", "\0", "a", "docker", "1", "true", "EOF",
    ];

    private const string NoRotation = "FF_DISABLE_AUTOMATIC_TOKEN_ROTATION:true";

    private static readonly Gen<string> Value = Gen.Int[0, Fragments.Length - 1].Select(index => Fragments[index]).Array[0, 6].Select(string.Concat);
    private static readonly Gen<string[]> Values = Value.Array[RegisterOptions.All.Length * 2];

    public static IEnumerable<TheoryDataRow<string>> Shells => PodShells.All();

    [Theory]
    [MemberData(nameof(Shells))]
    public void AnyOption_AnyValue_ArrivesOrIsRefused(string shell)
    {
        PodShells.Command(shell, "");
        Values.Sample(values => Check(shell, values).GetAwaiter().GetResult(), iter: 8, threads: 2);
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task LongestValue_ThatIsTaken_Arrives(string shell)
    {
        var longest = string.Concat(Enumerable.Repeat("$(x)'\"\\", RegisterValue.MaxBytes / 7));

        await Check(shell, [.. RegisterOptions.All.SelectMany(option =>
            new[] { option.Name == "pre-build-script" ? longest : "", "" })], mustArrive: ["pre-build-script"]);
    }

    [Fact]
    public void AnyOption_OneMegabyte_IsRefused()
    {
        var value = new string('x', OneMegabyte);

        Assert.All(RegisterOptions.All, option => Assert.True(IsRefused(option, Annotation(option, value, value))));
    }

    private static async Task Check(string shell, string[] values, params string[] mustArrive)
    {
        await using var pod = await RunnerSandbox.Start();
        var annotations = RegisterOptions.All
            .Select((option, index) => (Option: option, First: values[index * 2], Second: values[(index * 2) + 1]))
            .Where(each => !IsRefused(each.Option, Annotation(each.Option, each.First, each.Second)))
            .ToDictionary(each => each.Option, each => each);
        annotations.Remove(RegisterOptions.Find("url")!);
        Assert.True(mustArrive.Length > 0 || annotations.Count > 10, $"only {annotations.Count} options were taken");
        Assert.All(mustArrive, name => Assert.Contains(RegisterOptions.Find(name)!, annotations.Keys));
        var scenario = new InjectorScenario();
        var template = scenario.Create(Pod([.. annotations.Select(each => (each.Key, Annotation(each.Key, each.Value.First, each.Value.Second))),
            (RegisterOptions.Find("url")!, pod.GitLab.Url.ToString())]));
        Assert.False(scenario.Last.IsDenied, scenario.Last.Sentence);

        var arguments = await Register(pod, shell, template["spec"]!["initContainers"]![0]!);

        foreach (var (option, (_, first, second)) in annotations)
        {
            var got = arguments.Where(argument => argument.StartsWith($"--{option.Name}=", StringComparison.Ordinal));
            Assert.Equal(Expected(option, first, second), got);
        }
    }

    /// <summary>Runs the init container as kubelet does, and returns what <c>register</c> got.</summary>
    private static async Task<string[]> Register(RunnerSandbox pod, string shell, JsonNode container)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var variable in container["env"]!.AsArray())
        {
            variables[(string)variable!["name"]!] = variable["value"] is { } value ? KubeletExpansion.Of((string)value!, variables)
                : variable["valueFrom"]!["secretKeyRef"] is not null ? "gitlabtoken" : "some-name";
        }

        var command = container["command"]!.AsArray().Concat(container["args"]!.AsArray())
            .Select(word => KubeletExpansion.Of((string)word!, variables)).ToArray();
        Assert.Equal(["/bin/sh", "-c", Scripts.Guard, "init-runner"], command[..4]);
        variables["CONFIG_FILE"] = pod.Config;
        variables["HOME"] = pod.PathOf("etc");

        await pod.Run([.. PodShells.Command(shell, command[2]), .. command[4..]], [.. pod.PodVariables(),
            .. variables.Select(variable => (variable.Key, variable.Value)), ("STANDIN_ARGUMENTS", pod.PathOf("arguments"))]);

        var calls = (await File.ReadAllTextAsync(pod.PathOf("arguments"))).Split("\0\0");
        return calls.Select(call => call.Split('\0')).First(call => call[0] == "register");
    }

    private static IEnumerable<string> Expected(RegisterOption option, string first, string second) => option.Shape switch
    {
        RegisterOptionShape.Repeated => [$"--{option.Name}={first}", $"--{option.Name}={second}"],
        RegisterOptionShape.Joined or RegisterOptionShape.JoinedLater => [$"--{option.Name}={first},{second}"],
        _ when option.Kind == RegisterOptionKind.TextMap => [$"--{option.Name}={first}:{second}"],
        _ when option.IsMap => [.. Entries(first).Concat(option.Name == "feature-flags" ? [NoRotation] : [])
            .Select(entry => $"--{option.Name}={entry}")],
        _ when Annotation(option, first, second) is { Length: > 0 } value => [$"--{option.Name}={value}"],
        _ => [],
    };

    // A text of KEY:VALUE between commas; an empty object or list sets nothing.
    private static string[] Entries(string text) => text.Trim() is "{}" or "[]" ? []
        : text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static string Annotation(RegisterOption option, string first, string second) =>
        option.IsList ? new JsonArray(first, second).ToJsonString()
        : option.Kind == RegisterOptionKind.TextMap ? new JsonObject { [first] = second }.ToJsonString()
        : first;

    private static bool IsRefused(RegisterOption option, string value)
    {
        var scenario = new InjectorScenario();
        scenario.Create(Pod((option, value)));
        return scenario.Last.IsDenied;
    }

    private static JsonObject Pod(params (RegisterOption Option, string Value)[] annotations)
    {
        var pod = SampleObjects.Pod();
        pod["metadata"]!["annotations"] = new JsonObject(annotations.Select(each =>
            KeyValuePair.Create("gitlab-runner/" + each.Option.Name, (JsonNode?)each.Value)));
        return pod;
    }
}
