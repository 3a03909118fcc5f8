using System.Collections.Immutable;
using RunnerWebhook.Core.Policy;

namespace RunnerWebhook.Core.Settings;

/// <summary>The platform team's configuration: one file, read whole or not at all.</summary>
/// <param name="Profiles">The profiles by name; <c>default</c> is always among them.</param>
public sealed record RunnerConfiguration(ImmutableDictionary<string, RunnerProfile> Profiles)
{
    /// <summary>The <c>apiVersion</c> of the file.</summary>
    public const string ApiVersion = "runner-webhook/v1";

    /// <summary>The <c>kind</c> of the file.</summary>
    public const string Kind = "Configuration";

    /// <summary>What holds without a file. It names no GitLab, so nothing can be injected with it alone.</summary>
    public static RunnerConfiguration BuiltIn { get; } = new(ImmutableDictionary<string, RunnerProfile>.Empty.Add(
        WellKnown.DefaultProfile, new RunnerProfile { Name = WellKnown.DefaultProfile }));

    /// <summary>The rules, in order; null where the file has no <c>policy</c>, and all is allowed.</summary>
    public ImmutableArray<PolicyRule>? Policy { get; init; }

    /// <summary>The first rule that matches a namespace; null where none does.</summary>
    public PolicyRule? RuleFor(string name) => Policy?.FirstOrDefault(
        rule => rule.Namespaces.Any(glob => Glob.Matches(glob, name)));

    /// <summary>The profile that is used where nothing names another.</summary>
    public RunnerProfile Default => Profiles[WellKnown.DefaultProfile];
}
