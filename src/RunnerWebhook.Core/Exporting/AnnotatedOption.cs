using System.Collections.Immutable;
using System.Globalization;
using RunnerWebhook.Core.Injection;
using RunnerWebhook.Core.Registration;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Core.Exporting;

/// <summary>A register option that an annotation may set, as expressions.</summary>
/// <param name="Option">The option.</param>
internal sealed record AnnotatedOption(RegisterOption Option)
{
    private const string AnyControl = @"[\x00-\x08\x0A-\x1F\x7F-\x{9f}]";
    private const string ControlButLineBreaks = @"[\x00-\x08\x0B\x0C\x0E-\x1F\x7F-\x{9f}]";
    private const int MaxShown = 60;

    /// <summary>The longest value that an exported policy takes, in characters.</summary>
    public const int MaxLength = 1000;

    private static readonly RegisterOptionKind[] NotCovered =
    [
        RegisterOptionKind.IpAddress, RegisterOptionKind.HostAddress, RegisterOptionKind.TextMap,
        RegisterOptionKind.BooleanMap, RegisterOptionKind.ListMap,
    ];

    private string Text => $"variables.text[{Cel.Text(Option.Name)}]";

    /// <summary>Whether a policy can read the option from an annotation: no map, no address, no credential, and nothing that
    /// decides what else is injected.</summary>
    public static bool IsCovered(RegisterOption option) => !option.Secret && option.Name != "executor"
        && !RunnerAccess.PathOptions.Contains(option.Name) && !NotCovered.Contains(option.Kind)
        && !(option.Kind == RegisterOptionKind.Memory && option.Min > 0);

    /// <summary>Whether an argument is the option's.</summary>
    public bool Writes(string word) => word.StartsWith($"--{Option.Name}=", StringComparison.Ordinal);

    /// <summary>The annotation.</summary>
    public string Annotation => WellKnown.AnnotationPrefix + Option.Name;

    /// <summary>Its values; of a list each one.</summary>
    public string Values => $"variables.values[{Cel.Text(Option.Name)}]";

    /// <summary>Whether there is such an annotation.</summary>
    public string IsSet => $"{Text}.hasValue()";

    /// <summary>The variables by which the other expressions read annotations, those of the template before those of the
    /// workload: two for all options, as each costs the API server time when it reads the policy.</summary>
    /// <param name="options">The options.</param>
    /// <param name="unset">The values without annotations.</param>
    public static IEnumerable<(string Name, string Expression)> Variables(
        IEnumerable<RegisterOption> options, ImmutableDictionary<string, ImmutableArray<string>> unset)
    {
        var own = options.Select(option => new AnnotatedOption(option)).ToArray();
        yield return ("text", Cel.Map(own.Select(option => (Cel.Text(option.Option.Name), option.Lookup))));
        yield return ("values", Cel.Map(own.Select(option => (Cel.Text(option.Option.Name), option.Read(
            unset.GetValueOrDefault(option.Option.Name, []))))));
    }

    private string Lookup => $"variables.notes[?{Cel.Text(Annotation)}].or(variables.ownNotes[?{Cel.Text(Annotation)}])";

    private string Read(IEnumerable<string> unset)
    {
        var one = $"{Text}.value() == '' ? [] : [{Text}.value()]";
        return $"!{IsSet} ? {Cel.Texts(unset.Where(value => value.Length > 0))} : "
            + (Option.IsList ? $"{Text}.value().split(',').map(x, x.trim()).filter(x, x != '')" : one);
    }

    /// <summary>The arguments of the annotation's values.</summary>
    /// <param name="isOld">Whether gitlab-runner repeats what later releases join, as an expression.</param>
    /// <param name="unset">The arguments without an annotation.</param>
    /// <param name="empty">The arguments where the annotation is empty.</param>
    public string Arguments(string isOld, IEnumerable<string> unset, IEnumerable<string> empty) =>
        $"(!{IsSet} ? {Cel.Texts(unset)} : {Values} == [] ? {Cel.Texts(empty)} : {Arguments(isOld)})";

    private string Arguments(string isOld)
    {
        var name = Cel.Text($"--{Option.Name}=");
        var each = $"{Values}.map(x, {Escaped($"{name} + x")})";
        var joined = $"[{name} + {Values}.join(',')].map(x, {Escaped("x")})";
        return Option.Shape switch
        {
            RegisterOptionShape.Joined => joined,
            RegisterOptionShape.JoinedLater => isOld == "false" ? joined : $"({isOld} ? {each} : {joined})",
            _ => each,
        };
    }

    /// <summary>What is wrong with the annotation: a list of sentences, empty where it is fine.</summary>
    public IEnumerable<string> Problems()
    {
        var holes = new Holes();
        var value = holes.Open($"(x.size() > {MaxShown} ? x.substring(0, {MaxShown}) + '…' : x)");
        if (RegisterValue.Problem(Option, [value]) is { } problem)
        {
            yield return $"{IsSet} ? {Values}.filter(x, !({Test()})).map(x, "
                + $"{holes.Fill($"annotation {Annotation} {problem}")}) : []";
        }

        var unusable = $"{Text}.value().size() > {Math.Min(MaxLength, Option.MaxLength)} || "
            + $"{Text}.value().matches({Cel.Text(Option.MultiLine ? ControlButLineBreaks : AnyControl)})"
            + (Option.IsList ? $" || {Text}.value().startsWith('[')" : "");
        yield return $"{IsSet} && ({unusable}) ? [{Cel.Text($"annotation {Annotation} {Unusable}")}] : []";
    }

    private string Unusable => $"must be at most {Math.Min(MaxLength, Option.MaxLength).ToString(CultureInfo.InvariantCulture)} "
        + "characters without control characters" + (Option.IsList ? ", and no JSON list: put commas between the values" : "");

    private string Test() => Option.Kind switch
    {
        RegisterOptionKind.Boolean => "x in ['true', 'false']",
        RegisterOptionKind.Word => $"x in {Cel.Texts(Option.Words)}",
        RegisterOptionKind.Number => $"x.matches('^-?(0|[1-9][0-9]{{0,17}})$') && ({Range()})",
        RegisterOptionKind.Cpus => $"{Pattern()} && x.split('/')[0].matches('[1-9]')",
        RegisterOptionKind.Duration => $"{Pattern()} && x.size() < 16",
        _ => Pattern(),
    };

    private string Pattern() => RegisterRule.Pattern(Option.Kind) is { } pattern
        ? $"x.matches({Cel.Text(pattern)})" : "true";

    private string Range() => string.Create(CultureInfo.InvariantCulture, $"int(x) >= {Option.Min}")
        + (Option.Max < long.MaxValue ? string.Create(CultureInfo.InvariantCulture, $" && int(x) <= {Option.Max}") : "")
        + (Option.OrZero ? " || int(x) == 0" : "");

    /// <summary>The text that kubelet expands to another, as an expression.</summary>
    private static string Escaped(string text) =>
        $"({text}).contains('$(') || ({text}).contains('$$') ? ({text}).replace('$', '$$') : ({text})";
}
