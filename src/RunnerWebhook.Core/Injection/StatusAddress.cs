namespace RunnerWebhook.Core.Injection;

/// <summary>
/// Addresses of pieces as the status annotation writes them, where every byte is stored once for each pod and revision:
/// <c>./env/CONFIG_FILE</c> in the runner container that the record names, <c>volumes/runner-config</c> below <c>/spec</c>,
/// and everything else in full.
/// </summary>
internal static class StatusAddress
{
    private const string Spec = "/spec/";

    /// <summary>The short form.</summary>
    public static string Shorten(string address, string? container)
    {
        var own = container is null ? null : Prefix(container);
        return own is not null && address.StartsWith(own, StringComparison.Ordinal) ? "./" + address[own.Length..]
            : address.StartsWith(Spec, StringComparison.Ordinal) ? address[Spec.Length..] : address;
    }

    /// <summary>The address that a short form stands for.</summary>
    public static string Expand(string text, string container) => text switch
    {
        ['/', ..] => text,
        ['.', '/', .. var rest] => Prefix(container) + rest,
        _ => Spec + text,
    };

    private static string Prefix(string container) => PieceAddress.Container(container) + "/";
}
