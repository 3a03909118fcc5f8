using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json.Nodes;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Outcomes;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Core.Injection;

/// <summary>
/// The last finished outcomes of one engine, by what they rest on: the pods of a DaemonSet, or of a rollout, are decided and
/// rendered once. It changes no outcome, only how long it takes. Safe for use by several threads.
/// </summary>
internal sealed class OutcomeMemo
{
    private const int MaxOutcomes = 256;

    private readonly ConcurrentDictionary<byte[], Entry> _entries = new(ByteComparer.Instance);

    /// <summary>The outcome of an object that differs from an earlier one by its name alone; null where there was none.</summary>
    /// <param name="key">What the outcome rests on; nothing is kept for an empty one.</param>
    /// <param name="space">What is known of the namespace: the very same as then.</param>
    /// <param name="name">How messages name the object.</param>
    public InjectionOutcome? Find(ReadOnlySpan<byte> key, NamespaceMetadata? space, string name) =>
        key.Length > 0 && _entries.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(key, out var entry)
        && ReferenceEquals(entry.Space, space)
            ? entry.Name == name ? entry.Outcome
                : entry.Outcome with { Sentence = name + entry.Outcome.Sentence[entry.Name.Length..] }
            : null;

    /// <summary>Finishes an outcome and keeps it.</summary>
    /// <returns>The same outcome, with its patch written.</returns>
    /// <param name="key">What the outcome rests on; nothing is kept for an empty one.</param>
    /// <param name="space">What is known of the namespace.</param>
    /// <param name="name">How messages name the object.</param>
    /// <param name="outcome">The outcome.</param>
    public InjectionOutcome Keep(ReadOnlySpan<byte> key, NamespaceMetadata? space, string name, InjectionOutcome outcome)
    {
        if (key.IsEmpty || !outcome.Sentence.StartsWith(name, StringComparison.Ordinal))
        {
            return outcome;
        }

        // Values still lie in the request's memory, which is given back.
        var finished = outcome with
        {
            Patch = [.. outcome.Patch.Select(operation =>
                operation with { Value = operation.Value is { } value ? JsonNode.Parse(value.ToJsonString()) : null })],
            PatchText = outcome.Patch.IsEmpty ? default : PatchWriter.WriteBase64(outcome.Patch),
        };
        if (_entries.Count >= MaxOutcomes)
        {
            _entries.Clear();
        }

        _entries[key.ToArray()] = new(space, name, finished);
        return finished;
    }

    /// <summary>Whether an outcome holds a text, so that a key must tell it apart; never for an empty text.</summary>
    public static bool Mentions(InjectionOutcome outcome, string hidden) => hidden.Length > 0
        && (PatchWriter.Write(outcome.Patch).AsSpan().IndexOf(Encoding.UTF8.GetBytes(hidden)) >= 0
            || outcome.Advice.Append(outcome.Sentence).Any(text => text.Contains(hidden, StringComparison.Ordinal)));

    private sealed record Entry(NamespaceMetadata? Space, string Name, InjectionOutcome Outcome);

    // Seeded anew by each process, so that clients cannot choose objects whose keys collide.
    private sealed class ByteComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public static ByteComparer Instance { get; } = new();

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode([DisallowNull] byte[] obj) => GetHashCode(obj.AsSpan());

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = new HashCode();
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }
    }
}
