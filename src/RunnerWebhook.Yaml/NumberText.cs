using System.Globalization;

namespace RunnerWebhook.Yaml;

/// <summary>
/// Reads plain numbers as kubectl does: Go's integer syntax with base prefixes and a leading zero for octal, decimal
/// fractions, underscores anywhere after the first character.
/// </summary>
internal static class NumberText
{
    /// <summary>The JSON text of the number, or null if the text is none.</summary>
    public static ScalarValue? TryRead(string text)
    {
        var plain = text.Contains('_', StringComparison.Ordinal)
            ? text.Replace("_", "", StringComparison.Ordinal)
            : text;
        var sign = plain.Length > 0 && plain[0] is '+' or '-' ? 1 : 0;
        var isNegative = sign == 1 && plain[0] == '-';
        var digits = plain.AsSpan(sign);
        if (digits.Length > 1 && digits[0] == '0' && TryReadBased(digits, isNegative) is { } integer)
        {
            var magnitude = integer.ToString(CultureInfo.InvariantCulture);
            return new(ScalarKind.Integer, isNegative && integer != 0 ? "-" + magnitude : magnitude);
        }

        return IsDecimal(digits, out var isInteger)
            ? new(isInteger ? ScalarKind.Integer : ScalarKind.Float, ToJson(digits, isNegative))
            : null;
    }

    private static ulong? TryReadBased(ReadOnlySpan<char> digits, bool isNegative)
    {
        var (radix, from) = digits[1] switch
        {
            'x' or 'X' => (16u, 2),
            'b' or 'B' => (2u, 2),
            'o' or 'O' => (8u, 2),
            _ => (8u, 1),
        };
        UInt128 value = 0;
        foreach (var digit in digits[from..])
        {
            if (!char.IsAsciiHexDigit(digit) || (uint)Convert.ToInt32(digit.ToString(), 16) >= radix)
            {
                return null;
            }

            value = (value * radix) + (uint)Convert.ToInt32(digit.ToString(), 16);
            if (value > (isNegative ? (UInt128)long.MaxValue + 1 : ulong.MaxValue))
            {
                return null;
            }
        }

        return digits.Length > from ? (ulong)value : null;
    }

    // [0-9]+(\.[0-9]*)? or \.[0-9]+, then ([eE][-+]?[0-9]+)?
    private static bool IsDecimal(ReadOnlySpan<char> text, out bool isInteger)
    {
        var whole = CountDigits(text);
        var at = whole;
        var fraction = 0;
        if (at < text.Length && text[at] == '.')
        {
            fraction = CountDigits(text[(at + 1)..]);
            at += 1 + fraction;
        }

        isInteger = at == whole && at == text.Length;
        if (whole + fraction == 0)
        {
            return false;
        }

        if (at < text.Length && text[at] is 'e' or 'E')
        {
            at += at + 1 < text.Length && text[at + 1] is '+' or '-' ? 2 : 1;
            var exponent = CountDigits(text[at..]);
            return exponent > 0 && at + exponent == text.Length;
        }

        return at == text.Length;
    }

    private static int CountDigits(ReadOnlySpan<char> text)
    {
        var count = text.IndexOfAnyExceptInRange('0', '9');
        return count < 0 ? text.Length : count;
    }

    // JSON knows no plus, no leading zeros, and no empty part before or after the point.
    private static string ToJson(ReadOnlySpan<char> digits, bool isNegative)
    {
        var whole = CountDigits(digits);
        var tail = digits[whole..];
        var zeros = 0;
        while (zeros < whole - 1 && digits[zeros] == '0')
        {
            zeros++;
        }

        if (tail.Length > 0 && tail[0] == '.' && CountDigits(tail[1..]) == 0)
        {
            tail = tail[1..];
        }

        var head = whole == 0 ? "0" : digits[zeros..whole];
        return string.Concat(isNegative ? "-" : "", head, tail);
    }
}
