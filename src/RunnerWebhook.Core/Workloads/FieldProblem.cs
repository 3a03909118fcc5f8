using RunnerWebhook.Core.Json;

namespace RunnerWebhook.Core.Workloads;

/// <summary>A field that has not the shape that Kubernetes gives it.</summary>
/// <param name="Path">The field, from the root of the object.</param>
/// <param name="Expected">What the field must be, as in "a list of objects".</param>
/// <param name="Found">What it is, as in "a string".</param>
public sealed record FieldProblem(JsonPointer Path, string Expected, string Found)
{
    /// <summary>The sentence for the user, naming field, value kind and what is allowed.</summary>
    public override string ToString() => $"{FieldPath.Of(Path)} must be {Expected}, but is {Found}";
}
