using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using RunnerWebhook.Tests.Registration;

namespace RunnerWebhook.Tests.Yaml;

/// <summary>What a real kubectl reads. It is taken from the PATH, else from Debian's package.</summary>
internal static class Kubectl
{
    private static readonly Lazy<string> Program = new(() => DebianTool.Unpack("kubernetes-client", "/usr/bin/kubectl"));

    // Stands after each text, so that the objects of one can't pass for those of the next.
    private const string Boundary = "apiVersion: v1\nkind: Pod\nmetadata: {name: end-of-text}\n";

    /// <summary>The objects of a text, or null and what kubectl says. Every object gets the annotation <c>k: v</c>.</summary>
    public static JsonArray? Read(string text, out string problem) => Run([text], out problem);

    /// <summary>The objects of each text, by one kubectl; null if it refuses any of them.</summary>
    public static JsonArray[]? Read(IReadOnlyList<string> texts)
    {
        if (Run([.. texts.SelectMany(text => new[] { text, Boundary })], out _) is not { } all)
        {
            return null;
        }

        var read = new List<JsonArray> { new() };
        foreach (var item in all.ToArray())
        {
            if (item?["metadata"]?["name"]?.ToString() == "end-of-text")
            {
                read.Add([]);
            }
            else
            {
                all.Remove(item);
                read[^1].Add(item);
            }
        }

        return read.Count == texts.Count + 1 && read[^1].Count == 0 ? [.. read[..^1]] : null;
    }

    private static JsonArray? Run(string[] texts, out string problem)
    {
        var folder = Directory.CreateTempSubdirectory("kubectl").FullName;
        try
        {
            var files = texts.Select((text, index) =>
            {
                var file = Path.Combine(folder, $"{index:0000}.yaml");
                File.WriteAllBytes(file, System.Text.Encoding.UTF8.GetBytes(text));
                return file;
            });
            using var kubectl = Process.Start(new ProcessStartInfo(Program.Value,
                ["annotate", "--local", "--overwrite", "-o", "json", .. files.SelectMany(file => new[] { "-f", file }), "k=v"])
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
            Directory.Delete(folder, recursive: true);
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
