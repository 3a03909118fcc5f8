using System.Text.RegularExpressions;

namespace RunnerWebhook.Check;

/// <summary>Why something does not run, and what cures it.</summary>
/// <param name="Cause">The cause, as the beginning of a sentence.</param>
/// <param name="Hint">What cures it.</param>
/// <param name="IsStarting">Whether it may still start by itself.</param>
internal sealed record Diagnosis(string Cause, string Hint, bool IsStarting = false);

/// <summary>A row of a table of <see cref="Symptoms"/>: a text that a cluster or a container prints, and its meaning.</summary>
/// <param name="Pattern">The text, as a regular expression.</param>
/// <param name="Cause">The cause, with the pattern's groups as <c>${g1}</c> and the words that
/// <see cref="ObservedPod.Fill"/> knows.</param>
/// <param name="Hint">What cures it, likewise.</param>
internal sealed record Symptom(string Pattern, string Cause, string Hint)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly Regex _pattern = new(Pattern, RegexOptions.CultureInvariant, Patience);

    /// <summary>The diagnosis for a text; null if the row does not match.</summary>
    public Diagnosis? Of(string text, ObservedPod pod)
    {
        try
        {
            return _pattern.Match(text) is { Success: true } match
                ? new(pod.Fill(match.Result(Cause), text), pod.Fill(match.Result(Hint), text))
                : null;
        }
        catch (RegexMatchTimeoutException)
        {
            return null;
        }
    }
}
