using RunnerWebhook.Core.Json;

namespace RunnerWebhook.Core.Workloads;

/// <summary>A field that has not the shape that Kubernetes gives it.</summary>
/// <param name="Path">The field, from the root of the object.</param>
/// <param name="Expected">What the field must be, as in "a list of objects".</param>
/// <param name="Found">What it is, as in "a string".</param>
public sealed record FieldProblem(JsonPointer Path, string Expected, string Found)
{
    /// <summary>The sentence for the user, naming field, value kind, what is allowed, and what to do if that is plain.</summary>
    public override string ToString() => $"{FieldPath.Of(Path)} must be {Expected}, but is {Found}{Advice}";

    // YAML makes something else of what is meant as a text.
    private string Advice => (Expected, Found) switch
    {
        ("a string", "a number" or "a boolean") => ": put it in quotes",
        ("a string", "a list") when Path.Tokens[^1].StartsWith(WellKnown.AnnotationPrefix, StringComparison.Ordinal) =>
            ": write one text, with commas between the values",
        _ => "",
    };
}
