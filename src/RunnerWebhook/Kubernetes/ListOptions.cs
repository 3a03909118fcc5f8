namespace RunnerWebhook.Kubernetes;

/// <summary>Which objects to list, and how.</summary>
internal sealed record ListOptions
{
    /// <summary>A label selector, as <c>kubectl -l</c> takes it; null for all objects.</summary>
    public string? Labels { get; init; }

    /// <summary>A field selector, as <c>kubectl --field-selector</c> takes it; null for all objects.</summary>
    public string? Fields { get; init; }

    /// <summary>Whether only the metadata is sent (as <c>PartialObjectMetadata</c>): a fraction of the bytes.</summary>
    public bool MetadataOnly { get; init; }

    /// <summary>How many objects are asked for at once.</summary>
    public int PageSize { get; init; } = 500;
}
