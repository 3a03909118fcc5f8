using System.Text.Json;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Check;

/// <summary>A pod, and what the cluster says about it.</summary>
/// <param name="Snapshot">The cluster.</param>
/// <param name="Owner">The workload that it belongs to.</param>
/// <param name="Json">The pod; the controller, for pods that could not be created.</param>
internal sealed record ObservedPod(ClusterSnapshot Snapshot, WorkloadOwner Owner, JsonElement Json)
{
    /// <summary>Its name.</summary>
    public string Name => Json.Text("metadata", "name");

    /// <summary>Its node; empty before it is scheduled.</summary>
    public string Node => Json.Text("spec", "nodeName");

    /// <summary>How long it has existed.</summary>
    public TimeSpan Age => TokenKeys.Time(Json.Text("metadata", "creationTimestamp")) is { } created
        ? Snapshot.Now - created : TimeSpan.Zero;

    /// <summary>The image of the container that is looked at.</summary>
    public string Image { get; init; } = "";

    /// <summary>The messages of its warning events with a reason, the latest first.</summary>
    public IEnumerable<string> Messages(string reason) => Events
        .Where(found => found.Text("reason") == reason && IsOf(found.Text("involvedObject", "uid"), Json.Text("metadata", "uid")))
        .OrderByDescending(When).Select(found => found.Text("message"));

    /// <summary>The last lines of a container; empty if unknown.</summary>
    public string Log(string container) =>
        Snapshot.Logs.TryGetValue((Owner.Namespace, Name, container), out var log) ? log.Or("") : "";

    /// <summary>Fills in the words that a row of <see cref="Symptoms"/> leaves open.</summary>
    /// <param name="text">The row's text.</param>
    /// <param name="message">The message that matched.</param>
    public string Fill(string text, string message)
    {
        // Looked up only if it is asked for: there may be thousands of pods.
        var token = text.Contains("{token}", StringComparison.Ordinal) || text.Contains("{key}", StringComparison.Ordinal)
            ? TokenNeed.Of(Snapshot).FirstOrDefault(need => need.Owner == Owner) : null;
        return text
            .Replace("{namespace}", Owner.Namespace, StringComparison.Ordinal)
            .Replace("{pod}", Name, StringComparison.Ordinal)
            .Replace("{node}", Node, StringComparison.Ordinal)
            .Replace("{restart}", Owner.Renewal, StringComparison.Ordinal)
            .Replace("{image}", Image, StringComparison.Ordinal)
            .Replace("{line}", Redaction.Of(LastLine(message)), StringComparison.Ordinal)
            .Replace("{token}", token is null ? "NAME" : $"{token.Secret}, key {token.Key}", StringComparison.Ordinal)
            .Replace("{key}", token?.Key ?? "KEY", StringComparison.Ordinal)
            .Replace("{engine}", WellKnown.EngineAnnotation, StringComparison.Ordinal)
            .Replace("{level}", WellKnown.PodSecurityLabel, StringComparison.Ordinal);
    }

    /// <summary>The last line of a text that is not empty.</summary>
    public static string LastLine(string text) =>
        text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).LastOrDefault("");

    private IEnumerable<JsonElement> Events =>
        Snapshot.Events.TryGetValue(Owner.Namespace, out var events) && events.Has(out var found) ? found[Name] : [];

    // Kubelet's events about static pods have another uid.
    private static bool IsOf(string uid, string own) => uid.Length == 0 || own.Length == 0 || uid == own;

    private static DateTimeOffset When(JsonElement found) => TokenKeys.Time(new[]
    {
        found.Text("series", "lastObservedTime"), found.Text("lastTimestamp"), found.Text("eventTime"),
        found.Text("metadata", "creationTimestamp"),
    }.FirstOrDefault(time => time.Length > 0, "")) ?? DateTimeOffset.MinValue;
}
