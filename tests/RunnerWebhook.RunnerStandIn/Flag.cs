namespace RunnerWebhook.RunnerStandIn;

/// <summary>One flag.</summary>
/// <param name="Name">Its name without dashes.</param>
/// <param name="Variable">The environment variable that stands in for it; empty for none.</param>
/// <param name="Kind">What it takes.</param>
internal sealed record Flag(string Name, string Variable, FlagKind Kind = FlagKind.Text)
{
    /// <summary>Its short name.</summary>
    public char? Letter => Name switch
    {
        "config" => 'c',
        "url" => 'u',
        "token" => 't',
        "registration-token" => 'r',
        "non-interactive" => 'n',
        _ => null,
    };
}
