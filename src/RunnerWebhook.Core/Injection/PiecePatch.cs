using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Core.Injection;

/// <summary>
/// Turns the pieces that a pod template should have into the patch that brings it there. What the record lists and
/// is unchanged is replaced or removed as needed; everything else is only ever added to.
/// </summary>
internal sealed class PiecePatch
{
    private static readonly JsonPointer Status = JsonPointer.Of("metadata", "annotations", WellKnown.StatusAnnotation);

    private readonly PodTemplate _template;
    private readonly RecordedPieces _recorded;
    private readonly List<PatchOperation> _operations = [];
    private ImmutableSortedSet<PieceAddress> _created;
    private ImmutableSortedSet<PieceAddress> _nulls;
    private ImmutableSortedDictionary<PieceAddress, string> _replaced;

    private PiecePatch(PodTemplate template, RecordedPieces recorded)
    {
        _template = template;
        _recorded = recorded;
        // Drop entries of the record whose place no longer exists.
        _created = [.. (recorded.Status?.Created ?? []).Where(IsThere)];
        _nulls = [.. (recorded.Status?.Nulls ?? []).Where(IsThere)];
        _replaced = (recorded.Status?.Replaced ?? ImmutableSortedDictionary<PieceAddress, string>.Empty)
            .Where(value => recorded.Intact.Contains(value.Key)).ToImmutableSortedDictionary();
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
    /// <param name="stamp">Version, revision and profile for the record, and digests of pieces that keep a change of the
    /// user's; all other pieces are filled in here.</param>
    /// <param name="asStored">The text of a record that is to be as it is stored, which another version may have written; else
    /// null.</param>
    public static ImmutableArray<PatchOperation> Bring(PodTemplate template, RecordedPieces recorded,
        ImmutableArray<Piece> pieces, InjectionStatus stamp, string? asStored = null)
    {
        var patch = new PiecePatch(template, recorded);
        patch.CreateAnnotations();
        patch.Pieces(pieces);
        if (RemovalNeeds.Of(template, recorded, pieces, [.. patch._operations]) is { IsEmpty: false } needed)
        {
            return Bring(template, recorded.Without(needed), pieces,
                stamp with
                {
                    Pieces = stamp.Pieces.SetItems(needed.Select(
                        address => KeyValuePair.Create(address, recorded.Status!.Pieces[address]))),
                }, asStored);
        }

        patch.WriteStatus(asStored ?? (stamp with
        {
            Annotated = AnnotatedArguments.Of(pieces, stamp, recorded.Status),
            Pieces = recorded.Changed.SetItems(pieces.Select(piece =>
                KeyValuePair.Create(piece.Address, piece.Digest))).SetItems(stamp.Pieces),
            Created = patch._created,
            Nulls = patch._nulls,
            Replaced = patch._replaced,
        }).ToJson());
        return [.. patch._operations];
    }

    private void Pieces(ImmutableArray<Piece> pieces)
    {
        var elements = pieces.Where(piece => piece.Address.List is not null).ToLookup(piece => piece.Address.List!);
        var gone = _recorded.Intact.Where(address => pieces.All(piece => !piece.Address.Equals(address))).ToList();
        var lists = elements.Select(list => list.Key)
            .Concat(gone.Select(address => address.List).OfType<PieceAddress>()).Distinct().ToArray();
        // Inserting a container shifts later indexes, so patch container members first.
        var (inside, containers) = (lists.Where(list => !list.Equals(PieceAddress.Containers)),
            lists.Where(PieceAddress.Containers.Equals));
        foreach (var list in inside)
        {
            Change(list);
        }

        foreach (var piece in pieces.Where(piece => piece.Address.List is null))
        {
            SetField(piece);
        }

        foreach (var address in gone.Where(address => address.List is null))
        {
            RemoveField(address);
        }

        foreach (var list in containers)
        {
            Change(list);
        }

        void Change(PieceAddress list) =>
            List(list, [.. elements[list]], [.. gone.Where(address => list.Equals(address.List))]);
    }

    private void List(PieceAddress list, ImmutableArray<Piece> pieces, ImmutableArray<PieceAddress> gone)
    {
        var found = list.Find(_template.Json);
        if (found is not { Value.ValueKind: JsonValueKind.Array } existing)
        {
            CreateList(list, pieces, wasNull: found is not null);
            return;
        }

        var added = new List<Piece>();
        foreach (var piece in pieces)
        {
            if (piece.Address.Find(_template.Json) is not { } present)
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

    private JsonNode Renewed(Piece piece, JsonElement present) =>
        piece.Address.Kind is PieceKind.InitContainer or PieceKind.Container
        ? ContainerMerge.Of(present, piece.Value, _template.Volumes.Select(volume => volume.Name)
            .Where(name => !_recorded.Intact.Contains(PieceAddress.Volume(name))).ToHashSet(StringComparer.Ordinal))
        : piece.Value;

    private void ChangeList(
        PieceAddress list, JsonPointer path, int remaining, List<Piece> added, ImmutableArray<PieceAddress> gone)
    {
        if (remaining == 0 && added.Count == 0 && _created.Contains(list))
        {
            RemoveCreated(list, path);
            return;
        }

        foreach (var element in gone.Select(address => address.Find(_template.Json)!.Value)
            .OrderByDescending(element => element.Index))
        {
            _operations.Add(PatchOperation.Remove(At(element.Path)));
        }

        foreach (var piece in added)
        {
            var place = piece.Position is { } index && index < remaining ? path.Append(index) : path.Append("-");
            _operations.Add(PatchOperation.Add(At(place), piece.Value));
            remaining++;
        }
    }

    private void CreateList(PieceAddress list, ImmutableArray<Piece> pieces, bool wasNull)
    {
        if (!pieces.IsEmpty)
        {
            Create(list, new JsonArray([.. pieces.Select(piece => piece.Value.DeepClone())]), wasNull);
        }
    }

    private void SetField(Piece piece)
    {
        var found = piece.Address.Find(_template.Json);
        if (found is { } present && present.Value.ValueKind != JsonValueKind.Null)
        {
            if (PieceDigest.Of(JsonText.ToNode(present.Value)!) == piece.Digest)
            {
                return;
            }

            if (!_recorded.Intact.Contains(piece.Address))
            {
                _replaced = _replaced.SetItem(piece.Address, present.Value.GetRawText());
            }

            _operations.Add(PatchOperation.Replace(At(present.Path), piece.Value));
        }
        else
        {
            Create(piece.Address, piece.Value, wasNull: found is not null);
        }
    }

    private void RemoveField(PieceAddress address)
    {
        var path = address.Find(_template.Json)!.Value.Path;
        if (_replaced.TryGetValue(address, out var before))
        {
            _operations.Add(PatchOperation.Replace(At(path), JsonNode.Parse(before)));
            _replaced = _replaced.Remove(address);
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
            Create(PieceAddress.Metadata, new JsonObject { ["annotations"] = new JsonObject() },
                _template.MetadataPresence == Presence.Null);
        }
        else if (_template.AnnotationsPresence != Presence.Present)
        {
            Create(PieceAddress.Annotations, new JsonObject(), _template.AnnotationsPresence == Presence.Null);
        }
    }

    private void WriteStatus(string text)
    {
        if (_template.AnnotationsPresence == Presence.Present)
        {
            var before = _template.Annotations.GetValueOrDefault(WellKnown.StatusAnnotation);
            if (before != text)
            {
                var path = At(Status);
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

        var metadata = PieceAddress.Metadata.Find(_template.Json)!.Value;
        var isLast = _template.Annotations.Count == 1;
        if (isLast && metadata.Value.EnumerateObject().Count() == 1 && _created.Contains(PieceAddress.Metadata))
        {
            RemoveCreated(PieceAddress.Metadata, metadata.Path);
        }
        else if (isLast && _created.Contains(PieceAddress.Annotations))
        {
            RemoveCreated(PieceAddress.Annotations, Status.Parent);
        }
        else
        {
            _operations.Add(PatchOperation.Remove(At(Status)));
        }
    }

    private void Create(PieceAddress address, JsonNode value, bool wasNull)
    {
        if (address.PlaceIn(_template.Json) is { } path)
        {
            _created = _created.Add(address);
            _nulls = wasNull ? _nulls.Add(address) : _nulls;
            _operations.Add(PatchOperation.Add(At(path), value));
        }
    }

    private void RemoveCreated(PieceAddress address, JsonPointer path)
    {
        _operations.Add(_nulls.Contains(address) ? PatchOperation.Replace(At(path), null) : PatchOperation.Remove(At(path)));
        _created = _created.Remove(address);
        _nulls = _nulls.Remove(address);
    }

    private bool IsThere(PieceAddress address) => address.Find(_template.Json) is not null;

    private JsonPointer At(JsonPointer path) => _template.Path.Append(path);
}
