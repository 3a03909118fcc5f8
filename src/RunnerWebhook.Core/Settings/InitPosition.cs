namespace RunnerWebhook.Core.Settings;

/// <summary>The place of the registering init container among the pod's init containers.</summary>
/// <param name="First">Whether it goes before all others.</param>
/// <param name="Before">The name of the init container it goes before; null for none. Where the pod has no init
/// container of that name, it goes last.</param>
public sealed record InitPosition(bool First, string? Before)
{
    private const string BeforePrefix = "before:";

    /// <summary>After all others: networks and secrets that other init containers set up are there. Only where a service mesh's
    /// init container would cut the registration off from GitLab, before that one. The default.</summary>
    public static InitPosition Last { get; } = new(false, null);

    /// <summary>Reads <c>first</c>, <c>last</c> or <c>before:NAME</c>; null for anything else.</summary>
    public static InitPosition? TryParse(string text) => text switch
    {
        "last" => Last,
        "first" => new(true, null),
        _ when text.StartsWith(BeforePrefix, StringComparison.Ordinal)
            && KubernetesName.IsLabel(text[BeforePrefix.Length..]) => new(false, text[BeforePrefix.Length..]),
        _ => null,
    };

    /// <summary>The text that <see cref="TryParse"/> reads.</summary>
    public override string ToString() => First ? "first" : Before is null ? "last" : BeforePrefix + Before;
}
