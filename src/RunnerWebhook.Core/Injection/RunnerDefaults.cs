using System.Collections.Immutable;
using System.Text.Json.Nodes;
using RunnerWebhook.Core.Registration;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Core.Injection;

/// <summary>Register options that the guard adds if no setting says otherwise.</summary>
internal static class RunnerDefaults
{
    private const string Concurrency = "request-concurrency";
    private const string Flags = "feature-flags";

    /// <summary>The flag by which the runner does not rotate its token: it can't save the new one, as the file is read-only, and
    /// the file's is dead.</summary>
    public const string NoRotation = "FF_DISABLE_AUTOMATIC_TOKEN_ROTATION";

    /// <summary>The options with the defaults.</summary>
    /// <param name="register">The options of the settings.</param>
    /// <param name="image">The image that registers: a release that has no feature flags gets none.</param>
    public static ImmutableDictionary<string, ImmutableArray<string>> Over(
        ImmutableDictionary<string, ImmutableArray<string>> register, string image)
    {
        // With 1, the runner's own default, one long poll holds up every other request, which the runner warns about.
        register = IsStated(Concurrency) ? register : register.SetItem(Concurrency, ["2"]);
        if (RunnerRelease.IsBefore(RunnerRelease.Of(image), OptionReleases.Of(Flags)))
        {
            return register;
        }

        var flags = IsStated(Flags) ? JsonNode.Parse(register[Flags][0])!.AsObject() : [];
        return flags.TryAdd(NoRotation, true) ? register.SetItem(Flags, [flags.ToJsonString()]) : register;

        bool IsStated(string option) => register.TryGetValue(option, out var values) && values.Any(value => value.Length > 0);
    }
}
