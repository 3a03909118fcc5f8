using System.Collections.Immutable;

namespace RunnerWebhook.Core.Registration;

/// <summary>One option of <c>gitlab-runner register</c>.</summary>
/// <param name="Name">Its name without the leading dashes, as in <c>tag-list</c>.</param>
/// <param name="Kind">What it takes.</param>
/// <param name="Meaning">What it does, in one line.</param>
public sealed record RegisterOption(string Name, RegisterOptionKind Kind, string Meaning)
{
    /// <summary>One value, or several. Default one.</summary>
    public RegisterOptionShape Shape { get; init; }

    /// <summary>
    /// Whether GitLab keeps the value, and not <c>config.toml</c>. The server-side options are fatal together with
    /// an authentication token (<c>glrt-…</c>), whose runner has them set in GitLab already.
    /// </summary>
    public bool ServerSide { get; init; }

    /// <summary>Whether the value is a credential, which belongs in a Secret and never in a message.</summary>
    public bool Secret { get; init; }

    /// <summary>The first gitlab-runner release with the option; empty for 13.0 and before. Source:
    /// <see cref="OptionReleases"/>.</summary>
    public string Since { get; init; } = "";

    /// <summary>Where <c>register</c> writes the value, as in <c>[runners.docker] image</c>; empty if it doesn't.</summary>
    public string Key { get; init; } = "";

    /// <summary>The environment variable by which <c>register</c> takes the value too; empty for none. This program
    /// never uses it: lists can't be given that way.</summary>
    public string Variable { get; init; } = "";

    /// <summary>The words allowed, for <see cref="RegisterOptionKind.Word"/>.</summary>
    public ImmutableArray<string> Words { get; init; } = [];

    /// <summary>The smallest value of a number, or of an amount of memory in bytes. Default 0.</summary>
    public long Min { get; init; }

    /// <summary>The greatest value of a number.</summary>
    public long Max { get; init; } = long.MaxValue;

    /// <summary>Whether 0 is allowed below <see cref="Min"/>, for "none".</summary>
    public bool OrZero { get; init; }

    /// <summary>The longest text, in characters. Default unlimited.</summary>
    public int MaxLength { get; init; } = int.MaxValue;

    /// <summary>Whether a text may have several lines.</summary>
    public bool MultiLine { get; init; }

    /// <summary>The release from which on gitlab-runner splits the values of <see cref="RegisterOptionShape.JoinedLater"/> at
    /// commas, and of repeated ones keeps the last.</summary>
    public const string JoinedSince = "19.2";

    /// <summary>Whether the option takes several values.</summary>
    public bool IsList => Shape != RegisterOptionShape.One;

    /// <summary>Whether the value is a map, kept as the text of a JSON object (see <see cref="RegisterMap"/>).</summary>
    public bool IsMap =>
        Kind is RegisterOptionKind.TextMap or RegisterOptionKind.BooleanMap or RegisterOptionKind.ListMap;

    /// <summary>What a <see cref="RegisterOptionKind.Assignment"/> begins with: the <c>NAME=</c> of <c>NAME=VALUE</c>.</summary>
    internal static string Assigned(string assignment) => assignment[..(assignment.IndexOf('=', StringComparison.Ordinal) + 1)];
}
