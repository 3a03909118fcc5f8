using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
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

    private const int MaxShown = 60;

    /// <summary>Why the values don't suit the option, to be read after the option's name; null if they do. An empty
    /// list suits a list, and an empty text suits <see cref="RegisterOptionKind.Text"/>: they take back what a lower
    /// layer says.</summary>
    public static string? Problem(RegisterOption option, ImmutableArray<string> values)
    {
        if (option.IsList)
        {
            return values.Contains("") ? "holds an empty value: leave it out"
                : values.Select(value => Problem(option, value)).FirstOrDefault(problem => problem is not null);
        }

        return values.Length == 1 ? Problem(option, values[0]) : $"takes one value, but has {values.Length}";
    }

    private static string? Problem(RegisterOption option, string value)
    {
        if (ControlProblem(value, option.MultiLine) is { } problem)
        {
            return problem;
        }

        if (Encoding.UTF8.GetByteCount(value) > MaxBytes)
        {
            return $"is longer than {MaxBytes} bytes";
        }

        if (option.Shape == RegisterOptionShape.Joined && value.Contains(',', StringComparison.Ordinal))
        {
            return $"is {Shown(option, value)}, but must be free of commas (the list is joined by them)";
        }

        if (option.IsMap)
        {
            return RegisterMap.Problem(option, value);
        }

        return IsValid(option, value) ? null : $"is {Shown(option, value)}, but must be {RegisterRule.Allowed(option)}";
    }

    /// <summary>What is wrong with a text that holds a control character, to be read after the option's name; null if it holds
    /// none.</summary>
    internal static string? ControlProblem(string value, bool multiLine) =>
        value.FirstOrDefault(c => IsForbidden(c, multiLine), ' ') switch
        {
            ' ' => null,
            '\0' => "holds a NUL character, which no argument can hold",
            var control => string.Create(CultureInfo.InvariantCulture,
                $"holds the control character U+{(int)control:X4}, which is not allowed here"),
        };

    // U+0080 to U+009F are the control characters of Latin-1, which terminals obey too.
    private static bool IsForbidden(char c, bool multiLine) =>
        char.IsControl(c) && c != '\t' && !(multiLine && c is '\n' or '\r');

    internal static string Shown(RegisterOption option, string given)
    {
        // Before it is cut: the rest of a token would not look like one.
        var value = TokenText.Mask(given);
        if (option.Secret || option.Kind == RegisterOptionKind.Assignment
            || (option.Kind == RegisterOptionKind.Url && given.Contains('@', StringComparison.Ordinal)))
        {
            return "not valid";
        }

        var end = char.IsHighSurrogate(value.ElementAtOrDefault(MaxShown - 1)) ? MaxShown - 1 : MaxShown;
        var shown = value.Length > MaxShown ? value[..end] + "…" : value;
        return $"'{shown.ReplaceLineEndings("\\n")}'";
    }

    private static bool IsValid(RegisterOption option, string value) => option.Kind switch
    {
        RegisterOptionKind.Text => value.Length <= option.MaxLength,
        RegisterOptionKind.Boolean => value is "true" or "false",
        RegisterOptionKind.Word => option.Words.Contains(value),
        RegisterOptionKind.IpAddress => IsIpAddress(value),
        RegisterOptionKind.HostAddress => IsHostAddress(value),
        _ => RegisterRule.Matches(option.Kind, value) && IsInRange(option, value),
    };

    private static bool IsInRange(RegisterOption option, string value) => option.Kind switch
    {
        RegisterOptionKind.Number =>
            long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && ((number >= option.Min && number <= option.Max) || (number == 0 && option.OrZero)),
        RegisterOptionKind.Duration => GoDuration.IsInRange(value),
        RegisterOptionKind.Memory => Bytes(value) is var bytes && bytes >= option.Min && bytes <= long.MaxValue,
        RegisterOptionKind.Cpus => value.Split('/')[0].Any(c => c is >= '1' and <= '9'),
        RegisterOptionKind.Url => Uri.TryCreate(value, UriKind.Absolute, out var url) && url.Host.Length > 0,
        _ => true,
    };

    // Docker counts in powers of 1024.
    private static double Bytes(string value)
    {
        var number = value.AsSpan(0, value.AsSpan().LastIndexOfAnyInRange('0', '9') + 1);
        var unit = value.AsSpan(number.Length).TrimStart(' ');
        var power = unit.IsEmpty ? 0 : "bkmgtp".IndexOf(char.ToLowerInvariant(unit[0]), StringComparison.Ordinal);
        return double.Parse(number, CultureInfo.InvariantCulture) * Math.Pow(1024, power);
    }

    // IPAddress also reads "1" and "0x7f.1", which Docker doesn't.
    private static bool IsIpAddress(string value) => !value.Contains('%', StringComparison.Ordinal)
        && !value.StartsWith('[') && IPAddress.TryParse(value, out var address)
        && (address.AddressFamily == AddressFamily.InterNetworkV6 || address.ToString() == value);

    private static bool IsHostAddress(string value)
    {
        var colon = value.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && !value.AsSpan(0, colon).ContainsAny(' ', '\t')
            && (value[(colon + 1)..] is "host-gateway" || IsIpAddress(value[(colon + 1)..]));
    }
}
