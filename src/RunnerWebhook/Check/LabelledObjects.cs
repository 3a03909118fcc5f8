using System.Collections.Immutable;
using System.Text.Json;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Check;

/// <summary>All objects of one kind that carry our label, with any value.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Items">The objects.</param>
internal sealed record LabelledObjects(WorkloadKind Kind, Reading<ImmutableArray<JsonElement>> Items)
{
    /// <summary>The objects; none if they could not be read.</summary>
    public ImmutableArray<JsonElement> Found => Items.Or([]);
}
