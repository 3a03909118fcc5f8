using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.JsonPatch.SystemTextJson;
using RunnerWebhook.Configuration;
using RunnerWebhook.Core.Injection;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Outcomes;
using RunnerWebhook.Core.Settings;
using RunnerWebhook.Core.Workloads;
using RunnerWebhook.Tests.Oracle;

namespace RunnerWebhook.Fuzz.Targets;

/// <summary>The configurations that the engine is fuzzed with, and patches as the API server applies them.</summary>
internal static class Engines
{
    /// <summary>A token in the configuration, which no sentence may show.</summary>
    public const string Token = "glrt-PLANTED-in-the-configuration";

    private const string Head = "apiVersion: runner-webhook/v1\nkind: Configuration\n";

    private const string Default = Head + "profiles:\n  default:\n    register: {url: https://gitlab.example.com/, "
        + "description: Docker-in-Docker, tag-list: [docker], docker-image: docker:27, "
        + "docker-volumes: [/var/run/docker.sock:/var/run/docker.sock]}\n";

    private static readonly string[] Texts =
    [
        Default,
        Default + "    token: {value: " + Token + "}\n    initContainer: {guard: false}\n",
        Default + "    engine: {kind: dind, dind: {sidecar: native, sizeLimit: 20Gi}}\n    initContainer: {position: first}\n",
        Default + "    engine: {kind: dind, dind: {sidecar: container}}\n    lifecycle: {systemId: random}\n",
        Default + "    engine: {kind: remote, remote: {host: \"tcp://docker:2376\", tlsSecretName: docker-client}}\n"
            + "    certificates: {secretName: ca}\n",
        Default + "    engine: {kind: none}\n    configVolume: {mountPath: /config, medium: Memory}\n"
            + "    template: {configMapName: template}\n    cache: {secretName: c, keys: {cache-s3-secret-key: k}}\n",
        Default + "    lifecycle: {unregister: false, gracePeriodSeconds: 0}\n    socketVolume: {type: \"\"}\n    token: {value: "
            + Token + "}\n    initContainer: {guard: false, resources: {}}\n",
    ];

    /// <summary>The configurations.</summary>
    public static ImmutableArray<RunnerConfiguration> Configurations { get; } = [.. Texts.Select(Read)];

    /// <summary>An engine for each configuration, which keeps its memory.</summary>
    public static ImmutableArray<Injector> All { get; } = [.. Configurations.Select(Of)];

    /// <summary>A fresh engine.</summary>
    public static Injector Of(RunnerConfiguration configuration) => new(configuration, "1.2.3");

    /// <summary>Reads a configuration that has no mistakes.</summary>
    public static RunnerConfiguration Read(string text) => ConfigurationFile.Read(text, "config.yaml", out var mistakes)
        ?? throw new InvalidOperationException(string.Join('\n', mistakes));

    /// <summary>The engine that an input is for: inputs of any length have one.</summary>
    public static int IndexFor(byte[] input) => input.Length % Texts.Length;

    /// <summary>What becomes of an object, by the word of two other libraries, which must agree.</summary>
    public static JsonElement Apply(JsonElement json, InjectionOutcome outcome)
    {
        if (outcome.Patch.IsEmpty)
        {
            return json;
        }

        Promise.Holds(!outcome.IsDenied, $"refused, and patched: {outcome.Sentence}");
        return Apply(json, PatchWriter.Write(outcome.Patch));
    }

    /// <summary>What becomes of an object by a patch as it is sent.</summary>
    public static JsonElement Apply(JsonElement json, byte[] patchJson)
    {
        var (text, patch) = (json.GetRawText(), Encoding.UTF8.GetString(patchJson));
        var strict = StrictJsonPatch.Apply(text, patch);
        var other = JsonNode.Parse(text)!;
        JsonSerializer.Deserialize<JsonPatchDocument>(patch)!.ApplyTo(other);
        Promise.Holds(JsonEquality.AreEqual(strict, other), $"two libraries apply the patch differently: {patch}");
        return JsonText.ToElement(strict);
    }

    /// <summary>The object as the engine reads it; null if its shape is wrong.</summary>
    public static Workload? Read(JsonElement json) =>
        json.ValueKind == JsonValueKind.Object
        && WorkloadKind.Find(Text(json, "apiVersion"), Text(json, "kind")) is { } kind
            ? WorkloadReader.Read(json, kind, "", out _) : null;

    /// <summary>What a user reads of an outcome.</summary>
    public static IEnumerable<string> Sentences(InjectionOutcome outcome) => outcome.Advice.Prepend(outcome.Sentence);

    private static string Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
