using System.Collections.Immutable;
using System.Text.Json;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Core.Injection;

/// <summary>What has become of the pieces that a pod template's record lists.</summary>
internal sealed record RecordedPieces
{
    /// <summary>The record; null where the template has none of ours.</summary>
    public InjectionStatus? Status { get; private init; }

    /// <summary>The addresses of the pieces that are still as they were injected.</summary>
    public ImmutableArray<JsonPointer> Intact { get; private init; } = [];

    /// <summary>The pieces that somebody has changed since, by address, with the digest of the injected one.</summary>
    public ImmutableSortedDictionary<string, string> Changed { get; private init; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Whether every recorded piece is there, changed or not.</summary>
    public bool AllPresent { get; private init; }

    /// <summary>The same without pieces that are to stay.</summary>
    public RecordedPieces Without(ImmutableArray<JsonPointer> kept) => this with { Intact = Intact.RemoveAll(kept.Contains) };

    /// <summary>Compares a template with its record.</summary>
    public static RecordedPieces Of(PodTemplate template)
    {
        var status = InjectionStatus.TryParse(template.Annotations.GetValueOrDefault(WellKnown.StatusAnnotation));
        if (status is null)
        {
            return new();
        }

        var intact = ImmutableArray.CreateBuilder<JsonPointer>();
        var changed = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var (text, digest) in status.Pieces)
        {
            var address = JsonPointer.TryParse(text)!;
            if (PieceAddress.Find(template.Json, address) is not { } found || IsUnset(address, found.Value)
                || !PlausiblePiece.IsOne(address, found.Value))
            {
                continue;
            }

            if (PieceDigest.Of(JsonText.ToNode(found.Value)!) == digest)
            {
                intact.Add(address);
            }
            else
            {
                changed.Add(text, digest);
            }
        }

        return new()
        {
            Status = status,
            Intact = intact.ToImmutable(),
            Changed = changed.ToImmutable(),
            AllPresent = intact.Count + changed.Count == status.Pieces.Count,
        };
    }

    // A grace period that was dropped comes back as the API server's default.
    private static bool IsUnset(JsonPointer address, JsonElement value) => address.Equals(PieceAddress.GracePeriod)
        && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var seconds)
        && seconds == InjectionPlanner.DefaultGracePeriodSeconds;
}
