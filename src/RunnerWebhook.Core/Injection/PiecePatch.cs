using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Core.Injection;

/// <summary>
/// Turns the pieces that a pod template should have into the patch that brings it there. What the record lists and
/// nobody has changed is replaced or removed as needed; everything else is only ever added to.
/// </summary>
internal sealed class PiecePatch
{
    private readonly PodTemplate _template;
    private readonly RecordedPieces _recorded;
    private readonly List<PatchOperation> _operations = [];
    private ImmutableSortedSet<string> _created;
    private ImmutableSortedSet<string> _nulls;
    private ImmutableSortedDictionary<string, string> _replaced;

    private PiecePatch(PodTemplate template, RecordedPieces recorded)
    {
        _template = template;
        _recorded = recorded;
        // What the record says of places that somebody has emptied since is no longer true.
        _created = [.. (recorded.Status?.Created ?? []).Where(IsThere)];
        _nulls = [.. (recorded.Status?.Nulls ?? []).Where(IsThere)];
        _replaced = (recorded.Status?.Replaced ?? ImmutableSortedDictionary<string, string>.Empty)
            .Where(value => recorded.Intact.Any(address => address.ToString() == value.Key))
            .ToImmutableSortedDictionary(StringComparer.Ordinal);
    }

    /// <summary>The patch that removes every recorded and unchanged piece, and the record itself.</summary>
    /// <param name="template">The template.</param>
    /// <param name="recorded">What its record lists, without pieces that stay as something needs them.</param>
    public static ImmutableArray<PatchOperation> Removal(PodTemplate template, RecordedPieces recorded)
    {
        if (recorded.Status is null)
        {
            return [];
        }

        var patch = new PiecePatch(template, recorded);
        patch.Pieces([]);
        patch.RemoveStatus();
        return [.. patch._operations];
    }

    /// <summary>The patch that gives the template the pieces and a record of them.</summary>
    /// <param name="template">The template as it is.</param>
    /// <param name="recorded">What its record lists.</param>
    /// <param name="pieces">The pieces it should have. No piece collides with anything of the user's.</param>
    /// <param name="stamp">Version, revision and profile for the record, and digests of pieces that come as somebody has
    /// changed them; all other pieces are filled in here.</param>
    public static ImmutableArray<PatchOperation> Bring(
        PodTemplate template, RecordedPieces recorded, ImmutableArray<Piece> pieces, InjectionStatus stamp)
    {
        var patch = new PiecePatch(template, recorded);
        patch.CreateAnnotations();
        patch.Pieces(pieces);
        if (RemovalNeeds.Of(template, recorded, pieces, [.. patch._operations]) is { IsEmpty: false } needed)
        {
            return Bring(template, recorded.Without(needed), pieces,
                stamp with { Pieces = stamp.Pieces.SetItems(needed.Select(address => recorded.Status!.Entry(address))) });
        }

        patch.WriteStatus(stamp with
        {
            Annotated = AnnotatedArguments.Of(pieces, stamp, recorded.Status),
            Pieces = recorded.Changed.SetItems(pieces.Select(piece =>
                KeyValuePair.Create(piece.Address.ToString(), piece.Digest))).SetItems(stamp.Pieces),
            Created = patch._created,
            Nulls = patch._nulls,
            Replaced = patch._replaced,
        });
        return [.. patch._operations];
    }

    private void Pieces(ImmutableArray<Piece> pieces)
    {
        var elements = pieces.Where(piece => PieceAddress.IsListElement(piece.Address)).ToLookup(piece => piece.Address.Parent);
        var gone = _recorded.Intact.Where(address => pieces.All(piece => !piece.Address.Equals(address))).ToList();
        var lists = elements.Select(list => list.Key)
            .Concat(gone.Where(PieceAddress.IsListElement).Select(address => address.Parent)).Distinct().ToArray();
        // An element of the containers' list shifts those behind it, so that pieces inside of containers go first.
        var (inside, containers) = (lists.Where(list => !list.Equals(PieceAddress.Containers)),
            lists.Where(PieceAddress.Containers.Equals));
        foreach (var list in inside)
        {
            Change(list);
        }

        foreach (var piece in pieces.Where(piece => !PieceAddress.IsListElement(piece.Address)))
        {
            SetField(piece);
        }

        foreach (var address in gone.Where(address => !PieceAddress.IsListElement(address)))
        {
            RemoveField(address);
        }

        foreach (var list in containers)
        {
            Change(list);
        }

        void Change(JsonPointer list) => List(list, [.. elements[list]], [.. gone.Where(address =>
            PieceAddress.IsListElement(address) && address.Parent.Equals(list))]);
    }

    private void List(JsonPointer list, ImmutableArray<Piece> pieces, ImmutableArray<JsonPointer> gone)
    {
        var found = PieceAddress.Find(_template.Json, list);
        if (found is not { Value.ValueKind: JsonValueKind.Array } existing)
        {
            CreateList(list, pieces, wasNull: found is not null);
            return;
        }

        var added = new List<Piece>();
        foreach (var piece in pieces)
        {
            if (PieceAddress.Find(_template.Json, piece.Address) is not { } present)
            {
                added.Add(piece);
            }
            else if (Renewed(piece, present.Value) is var value
                && PieceDigest.OfWhole(JsonText.ToNode(present.Value)!) != PieceDigest.OfWhole(value))
            {
                _operations.Add(PatchOperation.Replace(At(present.Path), value));
            }
        }

        if (gone.Length + added.Count > 0)
        {
            ChangeList(list, existing.Path, existing.Value.GetArrayLength() - gone.Length, added, gone);
        }
    }

    private JsonNode Renewed(Piece piece, JsonElement present) => PieceDigest.IsContainer(piece.Value)
        ? ContainerMerge.Of(present, piece.Value, _template.Volumes.Select(volume => volume.Name)
            .Where(name => !_recorded.Intact.Contains(PieceAddress.Volume(name))).ToHashSet(StringComparer.Ordinal))
        : piece.Value;

    private void ChangeList(
        JsonPointer list, JsonPointer path, int remaining, List<Piece> added, ImmutableArray<JsonPointer> gone)
    {
        if (remaining == 0 && added.Count == 0 && _created.Contains(list.ToString()))
        {
            RemoveCreated(list, path);
            return;
        }

        var indexes = gone.Select(address => PieceAddress.Find(_template.Json, address)!.Value.Path);
        foreach (var element in indexes.OrderByDescending(element => int.Parse(
            element.Last, System.Globalization.CultureInfo.InvariantCulture)))
        {
            _operations.Add(PatchOperation.Remove(At(element)));
        }

        foreach (var piece in added)
        {
            var place = piece.Position is { } index && index < remaining ? path.Append(index) : path.Append("-");
            _operations.Add(PatchOperation.Add(At(place), piece.Value));
            remaining++;
        }
    }

    private void CreateList(JsonPointer list, ImmutableArray<Piece> pieces, bool wasNull)
    {
        if (pieces.IsEmpty || PieceAddress.Find(_template.Json, list.Parent) is not { } parent)
        {
            return;
        }

        var values = new JsonArray([.. pieces.Select(piece => piece.Value.DeepClone())]);
        Create(list, parent.Path.Append(list.Last), values, wasNull);
    }

    private void SetField(Piece piece)
    {
        var found = PieceAddress.Find(_template.Json, piece.Address);
        if (found is { } present && present.Value.ValueKind != JsonValueKind.Null)
        {
            if (PieceDigest.Of(JsonText.ToNode(present.Value)!) == piece.Digest)
            {
                return;
            }

            if (!_recorded.Intact.Contains(piece.Address))
            {
                _replaced = _replaced.SetItem(piece.Address.ToString(), present.Value.GetRawText());
            }

            _operations.Add(PatchOperation.Replace(At(present.Path), piece.Value));
        }
        else if (PieceAddress.Find(_template.Json, piece.Address.Parent) is { } parent)
        {
            Create(piece.Address, parent.Path.Append(piece.Address.Last), piece.Value, wasNull: found is not null);
        }
    }

    private void RemoveField(JsonPointer address)
    {
        var path = PieceAddress.Find(_template.Json, address)!.Value.Path;
        if (_replaced.TryGetValue(address.ToString(), out var before))
        {
            _operations.Add(PatchOperation.Replace(At(path), JsonNode.Parse(before)));
            _replaced = _replaced.Remove(address.ToString());
        }
        else
        {
            RemoveCreated(address, path);
        }
    }

    private void CreateAnnotations()
    {
        if (_template.MetadataPresence != Presence.Present)
        {
            var metadata = PieceAddress.Status.Parent.Parent;
            Create(metadata, metadata, new JsonObject { ["annotations"] = new JsonObject() },
                _template.MetadataPresence == Presence.Null);
        }
        else if (_template.AnnotationsPresence != Presence.Present)
        {
            Create(PieceAddress.Status.Parent, PieceAddress.Status.Parent, new JsonObject(),
                _template.AnnotationsPresence == Presence.Null);
        }
    }

    private void WriteStatus(InjectionStatus status)
    {
        var text = status.ToJson();
        if (_template.AnnotationsPresence == Presence.Present)
        {
            var before = _template.Annotations.GetValueOrDefault(WellKnown.StatusAnnotation);
            if (before != text)
            {
                var path = At(PieceAddress.Status);
                _operations.Insert(0, before is null ? PatchOperation.Add(path, text) : PatchOperation.Replace(path, text));
            }
        }
        else
        {
            // The annotations were created by the first operation; the record goes into that one.
            var annotations = (JsonObject)_operations[0].Value!;
            annotations = annotations["annotations"] as JsonObject ?? annotations;
            annotations[WellKnown.StatusAnnotation] = text;
        }
    }

    private void RemoveStatus()
    {
        // An update that drops the record and the label together has left nothing to remove.
        if (!_template.Annotations.ContainsKey(WellKnown.StatusAnnotation))
        {
            return;
        }

        var metadata = PieceAddress.Find(_template.Json, JsonPointer.Of("metadata"))!.Value.Value;
        var isLast = _template.Annotations.Count == 1;
        if (isLast && metadata.EnumerateObject().Count() == 1 && _created.Contains("/metadata"))
        {
            RemoveCreated(JsonPointer.Of("metadata"), JsonPointer.Of("metadata"));
        }
        else if (isLast && _created.Contains(PieceAddress.Status.Parent.ToString()))
        {
            RemoveCreated(PieceAddress.Status.Parent, PieceAddress.Status.Parent);
        }
        else
        {
            _operations.Add(PatchOperation.Remove(At(PieceAddress.Status)));
        }
    }

    private void Create(JsonPointer address, JsonPointer path, JsonNode value, bool wasNull)
    {
        _created = _created.Add(address.ToString());
        _nulls = wasNull ? _nulls.Add(address.ToString()) : _nulls;
        _operations.Add(PatchOperation.Add(At(path), value));
    }

    private void RemoveCreated(JsonPointer address, JsonPointer path)
    {
        var wasNull = _nulls.Contains(address.ToString());
        _operations.Add(wasNull ? PatchOperation.Replace(At(path), null) : PatchOperation.Remove(At(path)));
        _created = _created.Remove(address.ToString());
        _nulls = _nulls.Remove(address.ToString());
    }

    private bool IsThere(string address) =>
        JsonPointer.TryParse(address) is { } place && PieceAddress.Find(_template.Json, place) is not null;

    private JsonPointer At(JsonPointer path) => _template.Path.Append(path);
}
