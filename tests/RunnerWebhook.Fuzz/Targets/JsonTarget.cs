using System.Text;
using System.Text.Json;
using RunnerWebhook.Core.Injection;
using RunnerWebhook.Core.Json;

namespace RunnerWebhook.Fuzz.Targets;

internal static class JsonTarget
{
    public static void Check(byte[] input)
    {
        var isRead = JsonText.TryParse(input, out var value, out var problem);
        using var document = JsonText.TryOpen(input, out var otherProblem);
        Promise.Holds(isRead == document is not null && problem == otherProblem, $"two readers: '{problem}', '{otherProblem}'");
        Promise.Holds(isRead == (problem.Length == 0), $"read: {isRead}, problem: '{problem}'");
        if (!isRead)
        {
            return;
        }

        var node = JsonText.ToNode(value);
        Promise.Holds(JsonEquality.AreEqual(value, JsonText.ToElement(node)), $"written back differently: {node}");
        Promise.Holds(CanonicalJson.Digest(node) == CanonicalJson.Digest(JsonText.ToNode(JsonText.ToElement(node))),
            $"two digests of {node}");
        if (value.ValueKind == JsonValueKind.String && JsonPointer.TryParse(value.GetString()!) is { } pointer)
        {
            Promise.Holds(pointer.ToString() == value.GetString(), $"another pointer: {pointer}");
        }

        CheckRecord(Encoding.UTF8.GetString(input));
    }

    private static void CheckRecord(string text)
    {
        if (InjectionStatus.TryParse(text) is { } status)
        {
            var written = status.ToJson();
            Promise.Holds(InjectionStatus.TryParse(written)?.ToJson() == written, $"another record: {written}");
        }
    }
}
