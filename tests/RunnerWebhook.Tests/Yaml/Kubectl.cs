using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using RunnerWebhook.Tests.Registration;

namespace RunnerWebhook.Tests.Yaml;

/// <summary>What a real kubectl reads. It is taken from the PATH, else from Debian's package.</summary>
internal static class Kubectl
{
    private static readonly Lazy<string> Program = new(() => DebianTool.Unpack("kubernetes-client", "/usr/bin/kubectl"));

    /// <summary>The objects of a text, or null and what kubectl says. Every object gets the annotation <c>k: v</c>.</summary>
    public static JsonArray? Read(byte[] text, out string problem)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(file, text);
            using var kubectl = Process.Start(new ProcessStartInfo(Program.Value,
                ["annotate", "--local", "--overwrite", "-o", "json", "-f", file, "k=v"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                Environment = { ["KUBECONFIG"] = "/dev/null" },
            })!;
            var error = kubectl.StandardError.ReadToEndAsync();
            var output = kubectl.StandardOutput.ReadToEnd();
            kubectl.WaitForExit();
            problem = error.GetAwaiter().GetResult();
            return kubectl.ExitCode == 0 ? Split(output) : null;
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>An object as kubectl would print it: Lists taken apart, each with the annotation.</summary>
    public static IEnumerable<JsonNode?> Annotate(JsonNode? json)
    {
        if (json is not JsonObject)
        {
            return [json];
        }

        if (json["kind"]?.ToString() == "List")
        {
            return json["items"]!.AsArray().SelectMany(Annotate);
        }

        if (json["metadata"] is JsonObject metadata)
        {
            (metadata["annotations"] as JsonObject ?? (JsonObject)(metadata["annotations"] = new JsonObject()))["k"] = "v";
        }

        return [json];
    }

    /// <summary>Whether two values are the same to kubectl, which holds numbers that are no 64-bit integers as fractions.</summary>
    public static bool AreSame(JsonNode? left, JsonNode? right) => (left, right) switch
    {
        (JsonObject a, JsonObject b) => a.Count == b.Count && a.All(pair => b.ContainsKey(pair.Key) && AreSame(pair.Value, b[pair.Key])),
        (JsonArray a, JsonArray b) => a.Count == b.Count && a.Zip(b).All(pair => AreSame(pair.First, pair.Second)),
        (JsonValue a, JsonValue b) when a.GetValueKind() == JsonValueKind.Number && b.GetValueKind() == JsonValueKind.Number =>
            AreSameNumbers(a.ToJsonString(), b.ToJsonString()),
        _ => JsonNode.DeepEquals(left, right),
    };

    private static bool AreSameNumbers(string left, string right) => long.TryParse(left, out var a) && long.TryParse(right, out var b)
        ? a == b
        : double.Parse(left, System.Globalization.CultureInfo.InvariantCulture)
            .Equals(double.Parse(right, System.Globalization.CultureInfo.InvariantCulture));

    private static JsonArray Split(string output)
    {
        var reader = new Utf8JsonReader(System.Text.Encoding.UTF8.GetBytes(output), new JsonReaderOptions { AllowMultipleValues = true });
        var objects = new JsonArray();
        while (reader.Read())
        {
            objects.Add(JsonNode.Parse(ref reader));
        }

        return objects;
    }
}
