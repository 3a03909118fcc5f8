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
    public bool Writes(string word) => word.StartsWith(Argument(""), StringComparison.Ordinal);

    /// <summary>The argument of a value.</summary>
    public string Argument(string value) => $"--{Option.Name}={value}";

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
        var own = options.ToArray();
        var names = Cel.Texts(own.Select(option => option.Name));
        var key = $"'{WellKnown.AnnotationPrefix}' + n";
        yield return ("text",
            $"{names}.transformMapEntry(i, n, {{n: variables.notes[?({key})].or(variables.ownNotes[?({key})])}})");
        var stated = Cel.Map(own.Select(option => (Key: Cel.Text(option.Name), Value: Cel.Texts(
            unset.GetValueOrDefault(option.Name, []).Where(value => value.Length > 0)))).Where(one => one.Value != "[]"));
        var lists = Cel.Texts(own.Where(option => option.IsList).Select(option => option.Name));
        const string value = "variables.text[n].value()";
        yield return ("values", $"{names}.transformMapEntry(i, n, {{n: !variables.text[n].hasValue() ? "
            + $"{stated}[?n].orValue([]) :\nn in {lists} ? {value}.split(',').map(x, x.trim()).filter(x, x != '') : "
            + $"{value} == '' ? [] : [{value}]}})");
    }

    /// <summary>The arguments of the annotation's values.</summary>
    /// <param name="isOld">Whether gitlab-runner repeats what later releases join, as an expression.</param>
    /// <param name="unset">The arguments without an annotation.</param>
    /// <param name="empty">The arguments where the annotation is empty.</param>
    /// <param name="provided">The assignments that are in force unless the annotation assigns to the same name.</param>
    public string Arguments(
        string isOld, IEnumerable<string> unset, IEnumerable<string> empty, IEnumerable<string> provided) =>
        $"(!{IsSet} ? {Cel.Texts(unset)} : {Values} == [] ? {Cel.Texts(empty)} : "
            + string.Join(" + ", provided.Select(Provided).Append(Arguments(isOld))) + ")";

    private string Provided(string argument)
    {
        var name = RegisterOption.Assigned(argument[Argument("").Length..]);
        return $"({Values}.exists(x, x.startsWith({Cel.Text(name)})) ? [] : {Cel.Texts([argument])})";
    }

    private string Arguments(string isOld)
    {
        var name = Cel.Text(Argument(""));
        var each = $"{Values}.map(x, {Escaped($"{name} + x")})";
        var joined = $"[{name} + {Values}.join(',')].map(x, {Escaped("x")})";
        return Option.Shape switch
        {
            RegisterOptionShape.Joined => joined,
            RegisterOptionShape.JoinedLater => isOld == "false" ? joined : $"({isOld} ? {each} : {joined})",
            _ => each,
        };
    }

    /// <summary>What is wrong with the annotations: a list of sentences, empty if nothing is. Options of one kind share an
    /// expression.</summary>
    public static IEnumerable<string> Problems(IEnumerable<RegisterOption> options)
    {
        var own = options.Select(option => new AnnotatedOption(option)).ToArray();
        foreach (var kind in own.Where(option => option.Problem().Length > 0)
            .GroupBy(option => (Test: option.Test(), Sentence: option.Problem())))
        {
            yield return $"{Set(kind)}.map(n, variables.values[n].filter(x, !({kind.Key.Test})).map(x, {Prefix} + "
                + $"{kind.Key.Sentence})).flatten()";
        }

        foreach (var kind in own.GroupBy(option => (option.Unusable(), option.UnusableReason())))
        {
            yield return $"{Set(kind)}.filter(n, {kind.Key.Item1}).map(n, {Prefix} + {Cel.Text(" " + kind.Key.Item2)})";
        }
    }

    private const string Prefix = $"'annotation {WellKnown.AnnotationPrefix}' + n";

    private static string Set(IEnumerable<AnnotatedOption> options) =>
        $"{Cel.Texts(options.Select(option => option.Option.Name))}.filter(n, variables.text[n].hasValue())";

    // Empty for texts, which have no pattern.
    private string Problem()
    {
        var holes = new Holes();
        var value = holes.Open($"(x.size() > {MaxShown} ? x.substring(0, {MaxShown}) + '…' : x)");
        return RegisterValue.Problem(Option, [value]) is { } problem ? holes.Fill(" " + problem) : "";
    }

    private string Unusable() => $"variables.text[n].value().size() > {Longest} || "
        + $"variables.text[n].value().matches({Cel.Text(Option.MultiLine ? ControlButLineBreaks : AnyControl)})"
        + (Option.IsList ? " || variables.text[n].value().startsWith('[')" : "");

    private string UnusableReason() => string.Create(CultureInfo.InvariantCulture,
        $"must be at most {Longest} characters without control characters")
        + (Option.IsList ? ", and no JSON list: put commas between the values" : "");

    private int Longest => Math.Min(MaxLength, Option.MaxLength);

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
