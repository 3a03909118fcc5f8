using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using RunnerWebhook.Core.Json;

namespace RunnerWebhook.LoadBench;

/// <summary>Reviews of one kind, sent in turn.</summary>
/// <param name="Name">How tables name the kind.</param>
/// <param name="Bodies">The requests' bodies.</param>
/// <param name="IsRollout">Whether they are the Pods of one rollout.</param>
internal sealed record ReviewSeries(string Name, byte[][] Bodies, bool IsRollout = false)
{
    private const int Variants = 2_000;
    private const string Letters = "bcdfghjklmnpqrstvwxz2456789";

    /// <summary>The kinds, made of reviews that an API server sent.</summary>
    /// <param name="folder">The folder of these reviews.</param>
    /// <param name="answer">What the webhook answers to a body.</param>
    public static async Task<ReviewSeries[]> All(string folder, Func<byte[], Task<byte[]>> answer)
    {
        var pod = Read(folder, "pod-create.json");
        var byController = Read(folder, "pod-create-by-daemonset.json");
        var injected = Patched(pod, JsonNode.Parse(await answer(pod))!["response"]!);
        var unlabelled = JsonNode.Parse(pod)!;
        unlabelled["request"]!["object"]!["metadata"]!["labels"]!.AsObject().Remove("gitlab-runner");
        return
        [
            new("Pod, the same again", [pod]),
            new("Pods of a rollout", Make(index => OfRollout(byController, index)), IsRollout: true),
            new("Pods never seen before", Make(index => Unlike(pod, index))),
            new("DaemonSet update", [Read(folder, "daemonset-update-rollout-restart.json")]),
            new("Pod already injected", [injected]),
            new("Pod left alone", [Bytes(unlabelled)]),
        ];
    }

    /// <summary>How many bytes of JSON the injection adds to the object of a review.</summary>
    public static async Task<int> BytesAdded(string folder, string file, Func<byte[], Task<byte[]>> answer)
    {
        var review = Read(folder, file);
        return Size(Patched(review, JsonNode.Parse(await answer(review))!["response"]!)) - Size(review);

        static int Size(byte[] review) => Bytes(JsonNode.Parse(review)!["request"]!["object"]!).Length;
    }

    /// <summary>A review as an API server writes it: Go's encoder escapes fewer characters than .NET's.</summary>
    public static byte[] Bytes(JsonNode node)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            node.WriteTo(json);
        }

        return buffer.WrittenSpan.ToArray();
    }

    // What differs between the pods of one DaemonSet: request, name of the token's volume, node.
    private static byte[] OfRollout(byte[] review, int index)
    {
        var text = Encoding.UTF8.GetString(review);
        var volume = text[(text.IndexOf("kube-api-access-", StringComparison.Ordinal) + 16)..][..5];
        var letters = string.Concat(Enumerable.Range(0, 5).Select(place => Letters[(index / (int)Math.Pow(7, place)) % 7]));
        text = text.Replace("kube-api-access-" + volume, "kube-api-access-" + letters, StringComparison.Ordinal);
        var node = JsonNode.Parse(text)!;
        node["request"]!["uid"] = new Guid(index, 1, 2, [3, 4, 5, 6, 7, 8, 9, 10]).ToString();
        node["request"]!["object"]!["spec"]!["affinity"]!["nodeAffinity"]!["requiredDuringSchedulingIgnoredDuringExecution"]![
            "nodeSelectorTerms"]![0]!["matchFields"]![0]!["values"]![0] = $"node-{index}";
        return Bytes(node);
    }

    private static byte[] Unlike(byte[] review, int index)
    {
        var node = JsonNode.Parse(review)!;
        node["request"]!["object"]!["spec"]!["containers"]![0]!["image"] = $"gitlab/gitlab-runner:v17.{index}.0";
        return Bytes(node);
    }

    private static byte[] Patched(byte[] review, JsonNode response)
    {
        var node = JsonNode.Parse(review)!;
        var operations = JsonNode.Parse(Convert.FromBase64String((string)response["patch"]!))!.AsArray();
        node["request"]!["object"] = JsonPatch.Apply(node["request"]!["object"]!.DeepClone(),
            operations.Select(operation =>
                PatchOperation.Add(JsonPointer.TryParse((string)operation!["path"]!)!, operation["value"])));
        return Bytes(node);
    }

    private static byte[][] Make(Func<int, byte[]> body) => [.. Enumerable.Range(0, Variants).Select(body)];

    private static byte[] Read(string folder, string file) => File.ReadAllBytes(Path.Combine(folder, file));
}
