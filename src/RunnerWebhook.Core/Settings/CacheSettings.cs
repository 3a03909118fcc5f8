using System.Collections.Immutable;
using RunnerWebhook.Core.Registration;

namespace RunnerWebhook.Core.Settings;

/// <summary>The credentials of the distributed cache, which come from a Secret in the pod's namespace.</summary>
/// <param name="SecretName">The Secret.</param>
/// <param name="Keys">The key in it for each register option that it states, as in <c>cache-s3-secret-key</c>.</param>
public sealed record CacheSettings(string SecretName, ImmutableSortedDictionary<string, string> Keys)
{
    /// <summary>The register options that a Secret can state: texts that <c>register</c> takes from its
    /// environment.</summary>
    public static ImmutableArray<RegisterOption> Options { get; } =
    [
        .. RegisterOptions.All.Where(option => option.Name.StartsWith("cache-", StringComparison.Ordinal)
            && option is { Kind: RegisterOptionKind.Text, Variable.Length: > 0 }),
    ];
}
