using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using RunnerWebhook.Core.Json;

namespace RunnerWebhook.Core.Registration;

/// <summary>Checks the values of register options, so that a mistake is refused at admission and not minutes later by
/// a runner that crashes.</summary>
public static class RegisterValue
{
    /// <summary>The longest value of one option, in bytes. Linux takes 128 KiB an argument; Kubernetes keeps the whole
    /// object under 1.5 MB.</summary>
    public const int MaxBytes = 100_000;

    /// <summary>Why the values don't suit the option, to be read behind the option's name; null where they do.</summary>
    public static string? Problem(RegisterOption option, ImmutableArray<string> values)
    {
        if (values.Length != 1 && !option.IsList)
        {
            return $"takes one value, but has {values.Length}";
        }

        return values.Select(value => Problem(option, value)).FirstOrDefault(problem => problem is not null);
    }

    private static string? Problem(RegisterOption option, string value)
    {
        if (value.Contains('\0', StringComparison.Ordinal))
        {
            return "holds a NUL character, which no argument can hold";
        }

        if (Encoding.UTF8.GetByteCount(value) > MaxBytes)
        {
            return $"is longer than {MaxBytes} bytes";
        }

        var allowed = option.Kind switch
        {
            RegisterOptionKind.Boolean when value is not ("true" or "false") => "true or false",
            RegisterOptionKind.Number when !IsNumber(value) => "a whole number, 0 or more",
            RegisterOptionKind.Duration when !IsDuration(value) => "a duration such as 30s, 5m or 1h30m",
            RegisterOptionKind.Url when !IsUrl(value) => "an http or https URL",
            RegisterOptionKind.JsonObject when !IsJsonObject(value) => "a JSON object",
            RegisterOptionKind.Word when !option.Words.Contains(value) => "one of " + string.Join(", ", option.Words),
            RegisterOptionKind.CommaList when value.Contains(',', StringComparison.Ordinal) =>
                "free of commas (the list is joined by them)",
            _ => null,
        };
        return allowed is null ? null : $"is {Shown(option, value)}, but must be {allowed}";
    }

    private static string Shown(RegisterOption option, string value) =>
        option.Secret ? "not valid" : value.Length > 60 ? $"'{value[..60]}…'" : $"'{value}'";

    private static bool IsNumber(string value) =>
        long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _);

    private static bool IsUrl(string value) => Uri.TryCreate(value, UriKind.Absolute, out var url)
        && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps) && url.Host.Length > 0
        && !value.Any(char.IsWhiteSpace);

    private static bool IsJsonObject(string value) =>
        JsonText.TryParse(Encoding.UTF8.GetBytes(value), out var json, out _)
        && json.ValueKind == System.Text.Json.JsonValueKind.Object;

    // Go's time.ParseDuration, without fractions and signs, which make no sense here.
    private static bool IsDuration(string value)
    {
        var rest = value.AsSpan();
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExceptInRange('0', '9');
            if (digits <= 0)
            {
                return false;
            }

            rest = rest[digits..];
            var unit = rest.IndexOfAnyInRange('0', '9');
            unit = unit < 0 ? rest.Length : unit;
            if (rest[..unit] is not ("ms" or "s" or "m" or "h"))
            {
                return false;
            }

            rest = rest[unit..];
        }

        return value.Length > 0;
    }
}
