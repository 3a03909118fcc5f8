using System.Collections.Immutable;
using RunnerWebhook.Core.Policy;
using RunnerWebhook.Core.Resolution;
using RunnerWebhook.Core.Settings;

namespace RunnerWebhook.Core.Exporting;

/// <summary>What a rule does not allow, as expressions: <see cref="PolicyJudge"/> in CEL, in its own words.</summary>
/// <param name="Rule">The rule with its settings.</param>
internal sealed record Judgement(ExportedRule Rule)
{
    private static readonly string[] Images = ["docker-image"];
    private static readonly string[] Addresses = ["url", "clone-url"];

    /// <summary>Each a list of sentences.</summary>
    public IEnumerable<string> All() => Rule.Rule is not { } rule ? [] :
    [
        Cel.Texts(Static(rule)), Runner(rule), RuntimeClass(rule),
        .. Each(rule, Images, rule.Allow.DockerImages), .. Each(rule, Addresses, rule.Allow.Urls),
        .. HostPaths(rule), .. Booleans(rule), .. Required(rule),
    ];

    // What no annotation can change.
    private ImmutableArray<string> Static(PolicyRule rule)
    {
        var free = Rule.Options.Select(option => option.Name).Where(IsJudged).ToArray();
        var settings = Rule.Profile with { Register = Rule.Profile.Register.RemoveRange(free) };
        var required = rule with { Require = rule.Require.RemoveRange(free) };
        return PolicyJudge.Violations(required, settings, [], OwnFields.None);

        bool IsJudged(string name) => Images.Contains(name) || Addresses.Contains(name)
            || PolicyJudge.PrivilegedOptions.Contains(name) || name == "docker-volumes" || rule.Require.ContainsKey(name);
    }

    private static string Runner(PolicyRule rule)
    {
        var holes = new Holes();
        var mark = holes.Open("variables.image");
        return rule.Allow.RunnerImages is not { } globs ? "[]"
            : $"({Cel.Matches("variables.image", globs)} ? [] : [{Said(rule, Plain(rule), holes, mark, new(mark, ""))}])";
    }

    private static string RuntimeClass(PolicyRule rule)
    {
        const string own = "variables.spec.runtimeClassName";
        var holes = new Holes();
        var mark = holes.Open(own);
        return rule.Allow.RuntimeClasses is not { } globs ? "[]" : $"(!has({own}) || {Cel.Matches(own, globs)} ? [] : "
            + $"[{Said(rule, Plain(rule), holes, mark, new("", mark))}])";
    }

    private IEnumerable<string> Each(PolicyRule rule, string[] names, ImmutableArray<string>? allowed) =>
        allowed is not { } globs ? [] : Free(names).Select(option =>
        {
            var holes = new Holes();
            var mark = holes.Open("x");
            return $"{option.Values}.filter(x, !{Cel.Matches("x", globs)}).map(x, "
                + $"{Said(rule, With(rule, option.Option.Name, mark), holes, mark)})";
        });

    private IEnumerable<string> HostPaths(PolicyRule rule) =>
        rule.Allow.HostPaths is not { } globs ? [] : Free(["docker-volumes"]).SelectMany(option =>
        {
            var holes = new Holes();
            var mark = holes.Open("x.substring(1)");
            var path = $"{option.Values}.filter(x, x.startsWith('/') && x.contains(':')).map(x, x.split(':')[0])";
            const string detour = "x.matches('//|/[.]{1,2}(/|$)')";
            return new[]
            {
                $"{path}.filter(x, !{detour} && !{Cel.Matches("x", globs)}).map(x, "
                    + $"{Said(rule, With(rule, option.Option.Name, $"/{mark}:/x"), holes, mark)})",
                $"{path}.filter(x, {detour}).map(x, 'docker-volumes is \\'' + x + '\\', but must be written without detours')",
            };
        });

    private IEnumerable<string> Booleans(PolicyRule rule) => rule.Allow.Privileged ? []
        : Free(PolicyJudge.PrivilegedOptions).Select(option =>
            $"('true' in {option.Values} ? {Cel.Texts(Violations(rule, With(rule, option.Option.Name, "true"))
                .Where(text => text.StartsWith(option.Option.Name + " ", StringComparison.Ordinal)))} : [])");

    private IEnumerable<string> Required(PolicyRule rule) => rule.Require.OrderBy(entry => entry.Key, StringComparer.Ordinal)
        .SelectMany(entry => Free([entry.Key]).Select(option =>
        {
            var holes = new Holes();
            var mark = holes.Open("x");
            var lacking = rule with { Allow = new(), Require = rule.Require.Clear().Add(entry.Key, [mark]) };
            return $"{Cel.Texts(entry.Value)}.filter(x, !(x in {option.Values})).map(x, "
                + $"{holes.Fill(PolicyJudge.Violations(lacking, Plain(rule), [], OwnFields.None)[0])})";
        }));

    private IEnumerable<AnnotatedOption> Free(ICollection<string> names) =>
        Rule.Options.Where(option => names.Contains(option.Name)).Select(option => new AnnotatedOption(option));

    private static RunnerProfile With(PolicyRule rule, string option, string value) =>
        Plain(rule) with { Register = Plain(rule).Register.SetItem(option, [value]) };

    private static RunnerProfile Plain(PolicyRule rule) => new()
    {
        Name = rule.Place,
        Register = ImmutableDictionary<string, ImmutableArray<string>>.Empty,
    };

    private static ImmutableArray<string> Violations(PolicyRule rule, RunnerProfile settings, OwnFields? own = null) =>
        PolicyJudge.Violations(rule with { Require = rule.Require.Clear() }, settings, [], own ?? OwnFields.None);

    // The sentence that holds the mark.
    private static string Said(PolicyRule rule, RunnerProfile settings, Holes holes, string mark, OwnFields? own = null) =>
        holes.Fill(Violations(rule, settings, own).First(text => text.Contains(mark, StringComparison.Ordinal)));
}
