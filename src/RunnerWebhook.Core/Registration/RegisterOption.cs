using System.Collections.Immutable;

namespace RunnerWebhook.Core.Registration;

/// <summary>One option of <c>gitlab-runner register</c>.</summary>
/// <param name="Name">Its name without the leading dashes, as in <c>tag-list</c>.</param>
/// <param name="Kind">What it takes.</param>
public sealed record RegisterOption(string Name, RegisterOptionKind Kind)
{
    /// <summary>
    /// Whether GitLab keeps the value, and not <c>config.toml</c>. The server-side options are fatal together with
    /// an authentication token (<c>glrt-…</c>), whose runner has them set in GitLab already.
    /// </summary>
    public bool ServerSide { get; init; }

    /// <summary>Whether the value is a credential, which belongs in a Secret and never in a message.</summary>
    public bool Secret { get; init; }

    /// <summary>The first gitlab-runner release with the option; empty where every supported release has it.</summary>
    public string Since { get; init; } = "";

    /// <summary>The words allowed, for <see cref="RegisterOptionKind.Word"/>.</summary>
    public ImmutableArray<string> Words { get; init; } = [];

    /// <summary>Whether the option takes several values.</summary>
    public bool IsList => Kind is RegisterOptionKind.List or RegisterOptionKind.CommaList;
}
