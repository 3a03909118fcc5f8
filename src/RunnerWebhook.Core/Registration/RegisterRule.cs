using System.Globalization;
using System.Text.RegularExpressions;

namespace RunnerWebhook.Core.Registration;

/// <summary>What the values of a register option look like. Patterns are read alike by .NET and by JSON Schema.</summary>
public static partial class RegisterRule
{
    private const string NumberPattern = "^-?(0|[1-9][0-9]{0,18})$";
    private const string DurationPattern = @"^(0|(([0-9]+(\.[0-9]*)?|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))+)$";
    private const string MemoryPattern = @"^[0-9]+(\.[0-9]+)? ?([kKmMgGtTpP]([iI]?[bB])?|[bB])?$";
    private const string CpusPattern = @"^([0-9]+(\.[0-9]+)?|[0-9]+/[1-9][0-9]*)$";
    private const string CpuSetPattern = "^[0-9]+(-[0-9]+)?(,[0-9]+(-[0-9]+)?)*$";
    private const string UrlPattern = @"^[hH][tT][tT][pP][sS]?://[^\s/@]+(/[^\s]*)?$";
    private const string AssignmentPattern = "^[A-Za-z_][A-Za-z0-9_]*=";
    private const string MacAddressPattern = "^([0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}$";

    /// <summary>What the option allows, to be read after "must be"; empty if any text will do.</summary>
    public static string Allowed(RegisterOption option) => option.Kind switch
    {
        RegisterOptionKind.Boolean => "true or false",
        RegisterOptionKind.Number => Range(option),
        RegisterOptionKind.Duration => "a duration such as 30s, 5m or 1.5h",
        RegisterOptionKind.Memory => option.Min > 0
            ? $"an amount of memory such as 512m or 2g, at least {option.Min >> 20}m"
            : "an amount of memory such as 512m or 2g",
        RegisterOptionKind.Cpus => "a number of CPUs above 0 such as 2, 0.5 or 3/2",
        RegisterOptionKind.CpuSet => "numbers and ranges such as 0-2,4",
        RegisterOptionKind.Url => "an http or https URL",
        RegisterOptionKind.Word => "one of " + string.Join(", ", option.Words),
        RegisterOptionKind.Assignment => "NAME=VALUE, with a name of letters, digits and '_'",
        RegisterOptionKind.IpAddress => "an IP address such as 10.0.0.2 or fd00::2",
        RegisterOptionKind.HostAddress => "NAME:ADDRESS, with an IP address or host-gateway",
        RegisterOptionKind.MacAddress => "a MAC address such as 92:d0:c6:0a:29:33",
        RegisterOptionKind.TextMap => "an object of strings, or KEY:VALUE with commas in between",
        RegisterOptionKind.BooleanMap => "an object of true and false, or KEY:true with commas in between",
        RegisterOptionKind.ListMap => "an object of lists with one string each, or KEY:VALUE with commas in between",
        _ => option.MaxLength < int.MaxValue ? $"{option.MaxLength} characters at most" : "",
    };

    /// <summary>The pattern that every value matches; null if there is none, or if it isn't all that is asked
    /// for.</summary>
    public static string? Pattern(RegisterOptionKind kind) => kind switch
    {
        RegisterOptionKind.Number => NumberPattern,
        RegisterOptionKind.Duration => DurationPattern,
        RegisterOptionKind.Memory => MemoryPattern,
        RegisterOptionKind.Cpus => CpusPattern,
        RegisterOptionKind.CpuSet => CpuSetPattern,
        RegisterOptionKind.Url => UrlPattern,
        RegisterOptionKind.Assignment => AssignmentPattern,
        RegisterOptionKind.MacAddress => MacAddressPattern,
        _ => null,
    };

    /// <summary>Whether the value matches the pattern of its kind.</summary>
    internal static bool Matches(RegisterOptionKind kind, string value) => kind switch
    {
        // In .NET the end of a pattern is also before a last line feed, which only a variable may have.
        not RegisterOptionKind.Assignment when value.EndsWith('\n') => false,
        RegisterOptionKind.Number => Number().IsMatch(value),
        RegisterOptionKind.Duration => Duration().IsMatch(value),
        RegisterOptionKind.Memory => Memory().IsMatch(value),
        RegisterOptionKind.Cpus => Cpus().IsMatch(value),
        RegisterOptionKind.CpuSet => CpuSet().IsMatch(value),
        RegisterOptionKind.Url => Url().IsMatch(value),
        RegisterOptionKind.Assignment => Assignment().IsMatch(value),
        RegisterOptionKind.MacAddress => MacAddress().IsMatch(value),
        _ => true,
    };

    private static string Range(RegisterOption option)
    {
        var zero = option.OrZero ? "0 or " : "";
        return option.Max == long.MaxValue
            ? string.Create(CultureInfo.InvariantCulture, $"{zero}a whole number, {option.Min} or more")
            : string.Create(CultureInfo.InvariantCulture, $"{zero}a whole number from {option.Min} to {option.Max}");
    }

    [GeneratedRegex(NumberPattern, RegexOptions.CultureInvariant)]
    private static partial Regex Number();

    [GeneratedRegex(DurationPattern, RegexOptions.CultureInvariant)]
    private static partial Regex Duration();

    [GeneratedRegex(MemoryPattern, RegexOptions.CultureInvariant)]
    private static partial Regex Memory();

    [GeneratedRegex(CpusPattern, RegexOptions.CultureInvariant)]
    private static partial Regex Cpus();

    [GeneratedRegex(CpuSetPattern, RegexOptions.CultureInvariant)]
    private static partial Regex CpuSet();

    [GeneratedRegex(UrlPattern, RegexOptions.CultureInvariant)]
    private static partial Regex Url();

    [GeneratedRegex(AssignmentPattern, RegexOptions.CultureInvariant)]
    private static partial Regex Assignment();

    [GeneratedRegex(MacAddressPattern, RegexOptions.CultureInvariant)]
    private static partial Regex MacAddress();
}
