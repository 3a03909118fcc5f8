namespace RunnerWebhook.Core.Registration;

/// <summary>References such as <c>$(NAME)</c>, which kubelet expands in commands, arguments and variables of
/// containers.</summary>
public static class VariableReference
{
    /// <summary>The text that kubelet expands to the given one.</summary>
    public static string Escape(string text)
    {
        // Kubelet reads $$ as one $, also in front of a reference: a single $ can stay, a run of them can't.
        var isRead = text.Contains("$(", StringComparison.Ordinal) || text.Contains("$$", StringComparison.Ordinal);
        return isRead ? text.Replace("$", "$$", StringComparison.Ordinal) : text;
    }
}
