using System.Collections.Immutable;
using System.Text;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Outcomes;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Core.Admission;

/// <summary>A finished outcome, and what changes in it from one review with the same key to the next.</summary>
internal sealed class KnownReview
{
    private readonly AdmissionRequest _request;
    private readonly InjectionOutcome _outcome;
    private readonly string _subject;
    private readonly int _nameEnd;
    private readonly byte[] _letters;
    private readonly ImmutableArray<int> _lettersAt;

    private KnownReview(AdmissionRequest request, NamespaceMetadata? metadata, InjectionOutcome outcome, string subject,
        int nameEnd, byte[] letters, ImmutableArray<int> lettersAt)
    {
        (_request, Metadata, _outcome, _subject) = (request, metadata, outcome, subject);
        (_nameEnd, _letters, _lettersAt) = (nameEnd, letters, lettersAt);
    }

    /// <summary>What was known of the namespace: another answer may be due if it is no longer the same.</summary>
    public NamespaceMetadata? Metadata { get; }

    /// <summary>About how many bytes it takes.</summary>
    public int Size => 500 + _outcome.PatchText.Length
        + (sizeof(char) * (_outcome.Sentence.Length + _outcome.Advice.Sum(text => text.Length)));

    /// <summary>Makes an outcome ready for reuse.</summary>
    /// <returns>Null if it has more of the object in it than name and letters, as in messages for other kinds.</returns>
    public static KnownReview? TryCreate(
        ReviewKey key, AdmissionRequest request, NamespaceMetadata? metadata, InjectionOutcome outcome)
    {
        if (outcome.Code is OutcomeCode.LeftAloneUnsupportedKind or OutcomeCode.LeftAloneUnsupportedOperation)
        {
            return null;
        }

        var display = WorkloadReader.NameOf(request.Object!.Value, request.Kind, request.Namespace);
        var patch = outcome.Patch.IsEmpty ? [] : PatchWriter.Write(outcome.Patch);
        var names = key.Names;
        if (!outcome.Sentence.StartsWith(display, StringComparison.Ordinal)
            || !display.EndsWith("/" + names.ObjectName, StringComparison.Ordinal)
            || Mentions(outcome, names) || PlacesOfLetters(patch, names.Letters) is not { } places)
        {
            return null;
        }

        // Values of the patch lie in the request's memory, which is given back.
        return new(request.WithoutObjects(uid: "", name: ""),
            metadata, outcome with { Patch = [], PatchText = patch }, display[..^names.ObjectName.Length], display.Length,
            names.Letters, places);
    }

    /// <summary>The request of another review with the same key, without its objects.</summary>
    public AdmissionRequest RequestFor(ReviewNames names) => _request.WithoutObjects(names.Uid, names.ObjectName);

    /// <summary>The outcome for another review with the same key.</summary>
    /// <param name="names">What differs in it.</param>
    /// <param name="buffer">Room for its patch.</param>
    public InjectionOutcome OutcomeFor(ReviewNames names, ref PatchBuffer buffer)
    {
        var outcome = _outcome;
        if (!outcome.Sentence.AsSpan(_subject.Length, _nameEnd - _subject.Length).SequenceEqual(names.ObjectName))
        {
            outcome = outcome with { Sentence = string.Concat(_subject, names.ObjectName, outcome.Sentence.AsSpan(_nameEnd)) };
        }

        return _lettersAt.IsEmpty || _letters.AsSpan().SequenceEqual(names.Letters) ? outcome
            : outcome with { PatchText = buffer.Fill(outcome.PatchText.Span, names.Letters, _lettersAt) };
    }

    private static bool Mentions(InjectionOutcome outcome, ReviewNames names)
    {
        if (names.Letters.Length == 0)
        {
            return false;
        }

        var volume = Encoding.ASCII.GetString(ReviewKey.ServiceAccountVolume);
        return outcome.Advice.Append(outcome.Sentence).Any(text => text.Contains(volume, StringComparison.Ordinal));
    }

    // The volume's name may be the name of a mount, which is in no digest of the record, and nothing else.
    private static ImmutableArray<int>? PlacesOfLetters(ReadOnlySpan<byte> patch, ReadOnlySpan<byte> letters)
    {
        if (letters.IsEmpty)
        {
            return [];
        }

        var places = ImmutableArray.CreateBuilder<int>();
        ReadOnlySpan<byte> mount = [.. "\"name\":\""u8, .. ReviewKey.ServiceAccountVolume, .. letters, (byte)'"'];
        for (int at = 0, next; (next = patch[at..].IndexOf(ReviewKey.ServiceAccountVolume)) >= 0;)
        {
            var start = at + next - "\"name\":\"".Length;
            if (start < 0 || !patch[start..].StartsWith(mount))
            {
                return null;
            }

            at = start + mount.Length;
            places.Add(at - 1 - letters.Length);
        }

        return places.ToImmutable();
    }
}
