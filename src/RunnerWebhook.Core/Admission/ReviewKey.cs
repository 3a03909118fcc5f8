using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Core.Admission;

/// <summary>
/// Everything of a request that a decision can rest on, as bytes: operation, namespace, and the objects without what differs
/// from one pod of a workload to the next. Two requests with the same key get the same answer, but for the object's name in
/// the sentence.
/// </summary>
internal ref struct ReviewKey
{
    /// <summary>The longest key that is made, in bytes; larger objects are decided anew each time.</summary>
    private const int MaxBytes = 32 * 1024;

    // The volume that the API server adds to every pod; random letters follow.
    private const string ServiceAccountVolume = "kube-api-access-";
    private const int RandomLetters = 5;

    // JSON holds none of these bytes, so that no name or value can be taken for a mark.
    private const byte AfterPart = 0;
    private const string EndOfMembers = "\u0001";
    private const string NoObject = "\u0002";

    private byte[] _bytes;
    private byte[] _letters = [];
    private int _length;

    /// <summary>The key; empty where none is made.</summary>
    public readonly ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    /// <summary>Makes the key of a request for an object that has a pod template.</summary>
    public static ReviewKey Of(AdmissionRequest request, WorkloadKind kind)
    {
        var size = Size(request.Object) + Size(request.OldObject);
        var key = new ReviewKey();
        if (size > MaxBytes)
        {
            return key;
        }

        // Each member that is left out leaves a few bytes.
        key._bytes = ArrayPool<byte>.Shared.Rent((2 * size) + (4 * (kind.Kind.Length + request.Namespace.Length)) + 64);
        key.Add(kind.Kind);
        key.Add(request.Operation);
        key.Add(request.Namespace);
        key.Add(request.Object, isPod: kind.TemplatePath.Tokens.IsEmpty);
        key.Add(request.OldObject, isPod: kind.TemplatePath.Tokens.IsEmpty);
        key.HideServiceAccountVolume();
        return key;
    }

    /// <summary>What the key does not tell apart, and nothing may rest on; empty for nothing.</summary>
    public string Hidden { get; private set; } = "";

    public ReviewKey()
    {
        _bytes = [];
    }

    /// <summary>Gives the memory back.</summary>
    public readonly void Dispose()
    {
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
        }
    }

    private static int Size(JsonElement? json) => json is { } value ? JsonMarshal.GetRawUtf8Value(value).Length : 0;

    // No decision rests on the values left out: what differs from pod to pod, and what the API server keeps for itself.
    private static bool IsLeftOut(ReadOnlySpan<byte> owner, ReadOnlySpan<byte> name, bool isPod) =>
        owner.SequenceEqual("metadata"u8)
            // A DaemonSet's name is part of its runners' system IDs.
            ? (isPod && name.SequenceEqual("name"u8)) || name.SequenceEqual("generateName"u8) || name.SequenceEqual("uid"u8)
                || name.SequenceEqual("creationTimestamp"u8) || name.SequenceEqual("resourceVersion"u8)
                || name.SequenceEqual("generation"u8) || name.SequenceEqual("managedFields"u8)
                || name.SequenceEqual("ownerReferences"u8)
            // The DaemonSet controller binds each pod to its node by an affinity.
            : owner.SequenceEqual("spec"u8) && isPod && name.SequenceEqual("affinity"u8);

    private void Add(JsonElement? json, bool isPod)
    {
        if (json is not { } value)
        {
            Add(NoObject);
            return;
        }

        foreach (var member in value.EnumerateObject())
        {
            var name = JsonMarshal.GetRawUtf8PropertyName(member);
            Add(name);
            if (member.Value.ValueKind == JsonValueKind.Object
                && (name.SequenceEqual("metadata"u8) || name.SequenceEqual("spec"u8)))
            {
                AddMembers(name, member.Value, isPod);
            }
            else if (!name.SequenceEqual("status"u8))
            {
                Add(JsonMarshal.GetRawUtf8Value(member.Value));
            }
        }

        Add(EndOfMembers);
    }

    private void AddMembers(ReadOnlySpan<byte> owner, JsonElement value, bool isPod)
    {
        foreach (var member in value.EnumerateObject())
        {
            var name = JsonMarshal.GetRawUtf8PropertyName(member);
            Add(name);
            if (!IsLeftOut(owner, name, isPod))
            {
                Add(JsonMarshal.GetRawUtf8Value(member.Value));
            }
        }

        Add(EndOfMembers);
    }

    private void Add(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_bytes.AsSpan(_length));
        _length += bytes.Length;
        _bytes[_length++] = AfterPart;
    }

    private void Add(string text)
    {
        _length += Encoding.UTF8.GetBytes(text, _bytes.AsSpan(_length));
        _bytes[_length++] = AfterPart;
    }

    // The random letters make no difference if all mentions have the same ones.
    private void HideServiceAccountVolume()
    {
        var name = Encoding.UTF8.GetBytes(ServiceAccountVolume);
        var first = Bytes.IndexOf(name);
        if (first < 0 || first + name.Length + RandomLetters > _length)
        {
            return;
        }

        var whole = Bytes.Slice(first, name.Length + RandomLetters).ToArray();
        if (Bytes.Count(name) != Bytes.Count(whole))
        {
            return;
        }

        _letters = whole[name.Length..];
        Hidden = ServiceAccountVolume;
        Hide();
    }

    /// <summary>Leaves the random letters out.</summary>
    public readonly void Hide() => Write("?????"u8);

    /// <summary>Puts the random letters back.</summary>
    public readonly void Reveal() => Write(_letters);

    private readonly void Write(ReadOnlySpan<byte> letters)
    {
        var name = Encoding.UTF8.GetBytes(ServiceAccountVolume);
        for (var at = Hidden.Length > 0 ? Bytes.IndexOf(name) : -1; at >= 0;)
        {
            letters.CopyTo(_bytes.AsSpan(at + name.Length));
            var next = Bytes[(at + 1)..].IndexOf(name);
            at = next < 0 ? -1 : at + 1 + next;
        }
    }
}
