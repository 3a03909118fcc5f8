using System.Globalization;

namespace RunnerWebhook.Core.Registration;

/// <summary>Durations as Go's <c>time.ParseDuration</c> reads them, without signs.</summary>
internal static class GoDuration
{
    // 64 bits of nanoseconds: about 292 years.
    private const decimal MaxNanoseconds = long.MaxValue;

    /// <summary>Whether a text of the right form is a duration that Go can hold.</summary>
    public static bool IsInRange(string text)
    {
        var rest = text.AsSpan();
        var total = 0m;
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExceptInRange('.', '9');
            if (digits < 0)
            {
                return true;
            }

            var unit = rest[digits..].IndexOfAnyInRange('.', '9');
            unit = unit < 0 ? rest.Length - digits : unit;
            if (!decimal.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                || number > (MaxNanoseconds - total) / Nanoseconds(rest[digits..(digits + unit)]))
            {
                return false;
            }

            total += number * Nanoseconds(rest[digits..(digits + unit)]);

            rest = rest[(digits + unit)..];
        }

        return true;
    }

    private static decimal Nanoseconds(ReadOnlySpan<char> unit) => unit switch
    {
        "ns" => 1,
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "m" => 60_000_000_000,
        "h" => 3_600_000_000_000,
        _ => 1_000,
    };
}
