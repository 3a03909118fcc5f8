using System.Collections.Immutable;
using System.Globalization;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Core.Policy;

/// <summary>What the namespaces of one rule may do: an entry of <c>policy</c> in the configuration.</summary>
public sealed record PolicyRule
{
    /// <summary>Its place among the rules, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>The line of the configuration file at which it begins, from 1.</summary>
    public required int Line { get; init; }

    /// <summary>Where the rule is in the configuration, as in <c>policy[0] (line 12)</c>, for messages.</summary>
    public string Place => string.Create(CultureInfo.InvariantCulture, $"policy[{Index}] (line {Line})");

    /// <summary>The names of namespaces, as globs. The first rule that matches is the one that counts.</summary>
    public required ImmutableArray<string> Namespaces { get; init; }

    /// <summary>The labels that the namespace must have in addition to its name; null for any. Where namespaces are not
    /// watched, their labels are not known, and the rule matches none.</summary>
    public LabelSelector? NamespaceSelector { get; init; }

    /// <summary>The profile of these namespaces; null for <c>default</c>.</summary>
    public string? Profile { get; init; }

    /// <summary>Register options that lie over the profile's and under the annotations.</summary>
    public ImmutableDictionary<string, ImmutableArray<string>> Register { get; init; } =
        ImmutableDictionary<string, ImmutableArray<string>>.Empty;

    /// <summary>What is allowed.</summary>
    public PolicyAllowance Allow { get; init; } = new();

    /// <summary>Values that must be among the resolved ones, by register option.</summary>
    public ImmutableDictionary<string, ImmutableArray<string>> Require { get; init; } =
        ImmutableDictionary<string, ImmutableArray<string>>.Empty;

    /// <summary>Whether a violation is only warned about, while the rule is being rolled out. Default false.</summary>
    public bool WarnOnly { get; init; }

    /// <summary>Whether the rule is for a namespace.</summary>
    /// <param name="name">The namespace's name.</param>
    /// <param name="metadata">What is known of it; null if nothing is known: then a rule by label is for no namespace.</param>
    public bool IsFor(string name, NamespaceMetadata? metadata) => Namespaces.Any(glob => Glob.Matches(glob, name))
        && (NamespaceSelector is null || (metadata is not null && NamespaceSelector.Matches(metadata.Labels)));
}
