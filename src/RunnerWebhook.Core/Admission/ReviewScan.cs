using System.Text.Json;
using RunnerWebhook.Core.Json;

namespace RunnerWebhook.Core.Admission;

/// <summary>Copies a review without the values that no decision uses, and finds those that the answer repeats.</summary>
internal ref struct ReviewScan
{
    /// <summary>Replaces a text with its quotes in the key. JSON holds neither this byte nor the next.</summary>
    public const byte Text = 0;

    /// <summary>Replaces a number in the key.</summary>
    public const byte Number = 1;

    private readonly ReadOnlySpan<byte> _body;
    private readonly Span<byte> _key;
    private Utf8JsonReader _reader;
    private int _copied;
    private bool? _isPod;
    private bool _isOld;

    /// <param name="body">The review.</param>
    /// <param name="key">Room for the key: as many bytes as the review has.</param>
    public ReviewScan(ReadOnlySpan<byte> body, Span<byte> key)
    {
        _body = body;
        _key = key;
        _reader = new(body, new JsonReaderOptions { MaxDepth = JsonText.MaxDepth });
    }

    // The objects whose members are looked at.
    private enum Place
    {
        Review,
        Request,
        Kind,
        Object,
        Metadata,
        Spec,
        Labels,
        Annotations,
    }

    /// <summary>The length of the key, in bytes.</summary>
    public int Length { get; private set; }

    /// <summary>The request's uid.</summary>
    public ScannedText Uid { get; private set; }

    /// <summary>The request's name of the object.</summary>
    public ScannedText RequestName { get; private set; }

    /// <summary>The object's name.</summary>
    public ScannedText Name { get; private set; }

    /// <summary>The prefix of a name to be made up.</summary>
    public ScannedText GenerateName { get; private set; }

    /// <summary>Reads the review.</summary>
    /// <returns>Whether the key is complete. What can be left out of an object depends on the kind, which API servers write
    /// first.</returns>
    /// <exception cref="JsonException">The body is not valid JSON.</exception>
    public bool Read()
    {
        ReadMembers(Place.Review);
        // Nothing may follow.
        _reader.Read();
        Copy(_body.Length);
        return _isPod is not null;
    }

    private void ReadMembers(Place place)
    {
        _reader.Read();
        if (_reader.TokenType != JsonTokenType.StartObject)
        {
            _reader.Skip();
            return;
        }

        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            switch (place)
            {
                case Place.Review when _reader.ValueTextEquals("request"u8):
                    ReadMembers(Place.Request);
                    break;
                case Place.Request:
                    ReadRequestMember();
                    break;
                case Place.Kind when _reader.ValueTextEquals("kind"u8):
                    _reader.Read();
                    _isPod = _reader.TokenType == JsonTokenType.String && _reader.ValueTextEquals("Pod"u8);
                    _reader.Skip();
                    break;
                case Place.Object:
                    ReadObjectMember();
                    break;
                case Place.Metadata:
                    ReadMetadataMember();
                    break;
                case Place.Spec when DiffersByPod():
                case Place.Labels when IsForeignLabel():
                case Place.Annotations when _reader.ValueTextEquals("kubectl.kubernetes.io/last-applied-configuration"u8):
                    HideValues();
                    break;
                default:
                    _reader.Skip();
                    break;
            }
        }
    }

    private void ReadRequestMember()
    {
        if (_reader.ValueTextEquals("kind"u8))
        {
            ReadMembers(Place.Kind);
        }
        else if (_isPod is not null && ((_isOld = _reader.ValueTextEquals("oldObject"u8)) || _reader.ValueTextEquals("object"u8)))
        {
            ReadMembers(Place.Object);
        }
        else if (_reader.ValueTextEquals("uid"u8))
        {
            Uid = TakeText(isHidden: true);
        }
        else if (_reader.ValueTextEquals("name"u8))
        {
            RequestName = TakeText(isHidden: true);
        }
        else if (_reader.ValueTextEquals("userInfo"u8))
        {
            HideValues();
        }
        else
        {
            _reader.Skip();
        }
    }

    private void ReadObjectMember()
    {
        if (_reader.ValueTextEquals("metadata"u8))
        {
            ReadMembers(Place.Metadata);
        }
        else if (_isPod is true && _reader.ValueTextEquals("spec"u8))
        {
            ReadMembers(Place.Spec);
        }
        else if (_reader.ValueTextEquals("status"u8))
        {
            HideValues();
        }
        else
        {
            _reader.Skip();
        }
    }

    private void ReadMetadataMember()
    {
        if (_reader.ValueTextEquals("name"u8))
        {
            // A DaemonSet's name is part of its runners' system IDs.
            var name = TakeText(isHidden: _isPod is true);
            Name = _isOld ? Name : name;
        }
        else if (_reader.ValueTextEquals("generateName"u8))
        {
            var prefix = TakeText(isHidden: true);
            GenerateName = _isOld ? GenerateName : prefix;
        }
        else if (_isPod is true && _reader.ValueTextEquals("labels"u8))
        {
            ReadMembers(Place.Labels);
        }
        else if (_isPod is true && _reader.ValueTextEquals("annotations"u8))
        {
            ReadMembers(Place.Annotations);
        }
        else if (IsServerOwned())
        {
            HideValues();
        }
        else
        {
            _reader.Skip();
        }
    }

    private bool IsServerOwned() => _reader.ValueTextEquals("uid"u8) || _reader.ValueTextEquals("creationTimestamp"u8)
        || _reader.ValueTextEquals("resourceVersion"u8) || _reader.ValueTextEquals("generation"u8)
        || _reader.ValueTextEquals("managedFields"u8) || _reader.ValueTextEquals("ownerReferences"u8);

    // The DaemonSet controller binds each pod to its node by an affinity; a StatefulSet's pods have host names.
    private bool DiffersByPod() => _reader.ValueTextEquals("affinity"u8) || _reader.ValueTextEquals("hostname"u8);

    // No decision uses a label that is not ours; some differ from one pod of a workload to the next. A name with escapes may
    // be any label's.
    private readonly bool IsForeignLabel() => !_reader.ValueIsEscaped && !_reader.ValueSpan.StartsWith("gitlab-runner"u8);

    private ScannedText TakeText(bool isHidden)
    {
        _reader.Read();
        var text = _reader.TokenType != JsonTokenType.String ? default
            : new ScannedText(((int)_reader.TokenStartIndex + 1)..((int)_reader.BytesConsumed - 1), Mark: 0);
        if (isHidden)
        {
            HideValue();
            text = text.Exists ? text with { Mark = Length - 1 } : text;
        }

        _reader.Skip();
        return text;
    }

    private void HideValues()
    {
        _reader.Read();
        HideValue();
        if (_reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
        {
            return;
        }

        var depth = _reader.CurrentDepth;
        while (_reader.Read() && _reader.CurrentDepth > depth)
        {
            HideValue();
        }
    }

    private void HideValue()
    {
        if (_reader.TokenType is JsonTokenType.String or JsonTokenType.Number)
        {
            Copy((int)_reader.TokenStartIndex);
            _copied = (int)_reader.BytesConsumed;
            _key[Length++] = _reader.TokenType == JsonTokenType.String ? Text : Number;
        }
    }

    private void Copy(int end)
    {
        _body[_copied..end].CopyTo(_key[Length..]);
        Length += end - _copied;
        _copied = end;
    }
}
