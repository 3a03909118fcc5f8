using System.Globalization;

namespace RunnerWebhook.Yaml;

/// <summary>
/// JSON member names made of keys, as kubectl makes them: <c>y</c> is "true", <c>0777</c> is "511", and fractional
/// numbers have Go's shortest 32-bit form, so that <c>1.10</c> is "1.1".
/// </summary>
internal static class KeyName
{
    /// <summary>The member name for a key.</summary>
    public static string Of(ScalarValue key) => key.Kind switch
    {
        ScalarKind.True => "true",
        ScalarKind.False => "false",
        ScalarKind.Integer when long.TryParse(key.Text, CultureInfo.InvariantCulture, out var number)
            => number.ToString(CultureInfo.InvariantCulture),
        ScalarKind.Integer or ScalarKind.Float => OfFloat(key.Text),
        _ => key.Text,
    };

    private static string OfFloat(string number)
    {
        var value = float.Parse(number, CultureInfo.InvariantCulture);
        if (!float.IsFinite(value))
        {
            return value > 0 ? ".inf" : "-.inf";
        }

        var parts = value.ToString("R", CultureInfo.InvariantCulture).TrimStart('-').Split('E');
        var point = parts[0].IndexOf('.', StringComparison.Ordinal);
        var shift = parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0;
        var exponent = (point < 0 ? parts[0].Length : point) + shift;
        var all = parts[0].Replace(".", "", StringComparison.Ordinal);
        var digits = all.TrimStart('0');
        exponent -= all.Length - digits.Length;
        digits = digits.TrimEnd('0');
        if (digits.Length == 0)
        {
            return float.IsNegative(value) ? "-0" : "0";
        }

        return (value < 0 ? "-" : "") + Format(digits, exponent);
    }

    // The value is 0.digits times ten to the exponent. Go's shortest form turns scientific as soon as six digits do
    // not suffice for the whole part.
    private static string Format(string digits, int exponent)
    {
        var power = exponent - 1;
        if (power is < -4 or >= 6)
        {
            var mantissa = digits.Length > 1 ? digits[..1] + "." + digits[1..] : digits;
            return $"{mantissa}e{(power < 0 ? '-' : '+')}{Math.Abs(power):00}";
        }

        return exponent <= 0 ? "0." + new string('0', -exponent) + digits
            : digits.Length > exponent ? digits[..exponent] + "." + digits[exponent..]
            : digits.PadRight(exponent, '0');
    }
}
