namespace RunnerWebhook.Core.Admission;

/// <summary>A text of a review that answers repeat.</summary>
/// <param name="At">Where it is in the review, without its quotes; empty if there is none.</param>
/// <param name="Mark">Where the key has a mark in its place; 0, the default, if the key repeats it.</param>
internal readonly record struct ScannedText(Range At, int Mark)
{
    /// <summary>Whether there is one.</summary>
    public bool Exists => At.End.Value > 0;
}
