using RunnerWebhook.Core.Workloads;


namespace RunnerWebhook.Kubernetes;

/// <summary>How an object is written.</summary>
internal sealed record WriteOptions
{
    /// <summary>Who becomes the owner of the fields that are written.</summary>
    public string FieldManager { get; init; } = WellKnown.Program;

    /// <summary>Whether everything is done, admission webhooks included, but for storing the result.</summary>
    public bool DryRun { get; init; }

    /// <summary>Whether a server-side apply takes fields over that others own.</summary>
    public bool Force { get; init; }

    /// <summary>The options as a query.</summary>
    /// <param name="isApply">Whether it is a server-side apply.</param>
    public string Query(bool isApply = false) => $"?fieldManager={Uri.EscapeDataString(FieldManager)}"
        + (DryRun ? "&dryRun=All" : "") + (isApply && Force ? "&force=true" : "");
}
