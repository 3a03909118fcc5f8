namespace RunnerWebhook.Yaml;

/// <summary>The edits of one operation, or why there are none.</summary>
/// <param name="Edits">The edits, or null.</param>
/// <param name="Problem">What is wrong, or the empty string.</param>
internal sealed record SplicePlan(List<TextEdit>? Edits, string Problem)
{
    /// <summary>A plan of edits.</summary>
    public static SplicePlan Of(params List<TextEdit> edits) => new(edits, "");

    /// <summary>No plan.</summary>
    public static SplicePlan Refuse(string problem) => new(null, problem);
}
