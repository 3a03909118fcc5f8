using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using RunnerWebhook.Core.Json;

namespace RunnerWebhook.Core.Settings;

/// <summary>
/// A setting that is no register option and that users may set by annotation, as in <c>gitlab-runner/engine</c>.
/// </summary>
/// <param name="Name">Its name behind <c>gitlab-runner/</c>.</param>
/// <param name="Field">The field of a profile that it sets.</param>
/// <param name="Allowed">The values that it takes, for messages.</param>
/// <param name="Apply">The profile with the value set; null where the value is none that is allowed.</param>
internal sealed record AnnotationSetting(
    string Name, string Field, string Allowed, Func<RunnerProfile, string, RunnerProfile?> Apply)
{
    private const int MaxGracePeriodSeconds = 7 * 24 * 3600;

    /// <summary>All of them, by name.</summary>
    public static ImmutableSortedDictionary<string, AnnotationSetting> All { get; } = new AnnotationSetting[]
    {
        new("engine", "engine.kind", EngineName.Allowed, (profile, value) => EngineName.TryParse(value) is { } kind
            ? profile with { Engine = profile.Engine with { Kind = kind } }
            : null),
        new("extra-args", "extraArgs", "one argument, or a JSON list of them", (profile, value) =>
            ReadList(value, splitAtCommas: false) is { } list ? profile with { ExtraArgs = list } : null),
        new("grace-period-seconds", "lifecycle.gracePeriodSeconds", "a whole number from 0 to 604800", (profile, value) =>
            int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            && seconds <= MaxGracePeriodSeconds
                ? profile with { Lifecycle = profile.Lifecycle with { GracePeriodSeconds = seconds } }
                : null),
        new("init-position", "initContainer.position", "first, last or before:NAME", (profile, value) =>
            InitPosition.TryParse(value) is { } position
                ? profile with { InitContainer = profile.InitContainer with { Position = position } }
                : null),
        new("token-mode", "token.mode", "auto, authentication or registration", (profile, value) => value switch
        {
            "auto" => WithMode(profile, TokenMode.Auto),
            "authentication" => WithMode(profile, TokenMode.Authentication),
            "registration" => WithMode(profile, TokenMode.Registration),
            _ => null,
        }),
        // A Secret of the user's own takes the place of a token that the profile states.
        new("token-secret", "token.secretName", KubernetesName.SubdomainRule, (profile, value) =>
            KubernetesName.IsSubdomain(value)
                ? profile with { Token = profile.Token with { SecretName = value, Value = null } }
                : null),
        new("token-secret-key", "token.secretKey", KubernetesName.DataKeyRule, (profile, value) =>
            KubernetesName.IsDataKey(value)
                ? profile with { Token = profile.Token with { SecretKey = value } }
                : null),
        new("unregister", "lifecycle.unregister", "true or false", (profile, value) => value is "true" or "false"
            ? profile with { Lifecycle = profile.Lifecycle with { Unregister = value == "true" } }
            : null),
    }.ToImmutableSortedDictionary(setting => setting.Name, setting => setting, StringComparer.Ordinal);

    /// <summary>Reads a list: a JSON list of strings, or the values between commas, or one value.</summary>
    /// <returns>The values; null where the text looks like a JSON list and is none of strings.</returns>
    public static ImmutableArray<string>? ReadList(string text, bool splitAtCommas)
    {
        if (!text.StartsWith('['))
        {
            return splitAtCommas
                ? [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)]
                : [text];
        }

        return JsonText.TryParse(Encoding.UTF8.GetBytes(text), out var json, out _) && json.ValueKind == JsonValueKind.Array
            && json.EnumerateArray().All(element => element.ValueKind == JsonValueKind.String)
                ? [.. json.EnumerateArray().Select(element => element.GetString()!)]
                : null;
    }

    private static RunnerProfile WithMode(RunnerProfile profile, TokenMode mode) =>
        profile with { Token = profile.Token with { Mode = mode } };
}
