using System.Text.Json;
using RunnerWebhook.Core.Json;

namespace RunnerWebhook.Yaml;

/// <summary>Plans the edits of one operation.</summary>
internal sealed class SpliceStep
{
    private readonly YamlNode _root;
    private readonly BlockSplice _block;
    private readonly FlowSplice _flow;

    /// <summary>Prepares for one state of a document.</summary>
    public SpliceStep(string text, YamlNode root, YamlStyle style)
    {
        _root = root;
        _block = new(text, style);
        _flow = new(text, style);
    }

    /// <summary>The edits, or null and why there are none.</summary>
    public List<TextEdit>? Plan(PatchOperation operation, out string problem)
    {
        if (operation.Path.Tokens.IsEmpty)
        {
            problem = "a whole document is not replaced";
            return null;
        }

        if (SplicePath.Find(_root, operation.Path.Parent, out problem) is not { } place)
        {
            return null;
        }

        var value = JsonElement.Parse(operation.Value?.ToJsonString() ?? "null");
        var plan = place.Node switch
        {
            MappingNode mapping => PlanMember(place, mapping, operation, value),
            SequenceNode sequence => PlanItem(place, sequence, operation, value),
            _ => SplicePlan.Refuse($"there is nothing at '{operation.Path}'"),
        };
        problem = plan.Problem;
        return plan.Edits;
    }

    private SplicePlan PlanMember(NodePlace place, MappingNode mapping, PatchOperation operation, JsonElement value)
    {
        var name = operation.Path.Last;
        if (SplicePath.IsMerged(mapping, name))
        {
            return SplicePlan.Refuse($"'{name}' comes from the merge key '<<'; write it out in this mapping instead");
        }

        if (mapping.IsBare || mapping.Pairs.Exists(pair => pair.IsExplicit))
        {
            return SplicePlan.Refuse("a mapping with '?' keys or without braces is not changed");
        }

        var at = mapping.IndexOf(name);
        if (at < 0)
        {
            return operation.Op != PatchOp.Add ? SplicePlan.Refuse($"there is nothing at '{operation.Path}'")
                : mapping.IsFlow ? _flow.AddMember(place, mapping, name, value)
                : _block.AddMember(mapping, name, value);
        }

        var pair = mapping.Pairs[at];
        if (Guard(pair.Value) is { } refusal)
        {
            return refusal;
        }

        return operation.Op != PatchOp.Remove
            ? (mapping.IsFlow
                ? _flow.SetMember(mapping, pair, value)
                : _block.SetValue(new(pair.Value, pair.Colon + 1, place), value))
            : mapping.IsFlow ? _flow.Remove(mapping, at) : _block.RemoveMember(place, mapping, at);
    }

    private SplicePlan PlanItem(NodePlace place, SequenceNode sequence, PatchOperation operation, JsonElement value)
    {
        var token = operation.Path.Last;
        var count = sequence.Items.Count;
        var isAdd = operation.Op == PatchOp.Add;
        var index = isAdd && token == "-" ? count : YamlDocument.IndexOf(token) ?? int.MaxValue;
        if (index >= count + (isAdd ? 1 : 0))
        {
            return SplicePlan.Refuse($"there is nothing at '{operation.Path}'");
        }

        if (isAdd)
        {
            return sequence.IsFlow
                ? _flow.AddItem(place, sequence, index, value)
                : _block.AddItem(place, sequence, index, value);
        }

        if (Guard(sequence.Items[index]) is { } refusal)
        {
            return refusal;
        }

        return operation.Op != PatchOp.Remove
            ? (sequence.IsFlow
                ? _flow.SetItem(sequence, index, value)
                : _block.SetValue(new(sequence.Items[index], sequence.Dashes[index] + 1, place), value))
            : sequence.IsFlow ? _flow.Remove(sequence, index) : _block.RemoveItem(place, sequence, index);
    }

    private static SplicePlan? Guard(YamlNode node) => SplicePath.HasAliasedPart(node)
        ? SplicePlan.Refuse("an anchor in this value is used elsewhere; write the aliases out and remove the anchor")
        : null;
}
