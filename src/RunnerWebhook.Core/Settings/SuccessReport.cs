namespace RunnerWebhook.Core.Settings;

/// <summary>Where the sentence of a success goes besides the log and the audit annotations.</summary>
public enum SuccessReport
{
    /// <summary>Into the response's warnings, which <c>kubectl</c> prints.</summary>
    Warning,

    /// <summary>Nowhere else: <c>kubectl --warnings-as-errors</c> succeeds.</summary>
    Audit,
}
