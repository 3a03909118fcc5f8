using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using RunnerWebhook.Core.Injection;
using RunnerWebhook.Core.Registration;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Core.Exporting;

/// <summary>The registration of a rule as the engine renders it, for each release of gitlab-runner that makes a difference, and
/// for a pod of its own and one of a DaemonSet.</summary>
internal sealed class Rendering
{
    /// <summary>The name of the DaemonSet in what the engine renders.</summary>
    private const string Owner = "\uE000";

    /// <summary>The option of feature flags, which the engine sets: releases before it can't read them.</summary>
    private const string Flags = "feature-flags";

    // Newest first: RegisterOptionShape.JoinedLater is written differently.
    private static readonly string[] Tags = ["v99.0", "v19.1"];

    private readonly ExportedRule _rule;
    private readonly ImmutableArray<JsonObject> _ofPods;
    private readonly ImmutableArray<JsonObject> _ofNodes;

    public Rendering(ExportedRule rule)
    {
        _rule = rule;
        _ofPods = [.. Tags.Select(tag => Render(rule, tag, null))];
        _ofNodes = [.. Tags.Select(tag => Render(rule, tag, Owner))];
    }

    /// <summary>Whether the release of the runner container's image makes a difference.</summary>
    public bool HasReleases => _rule.Profile.InitContainer.Image.Length == 0;

    /// <summary>Whether gitlab-runner is too old to split at commas, as an expression.</summary>
    public string IsOld => HasReleases ? "variables.old"
        : RunnerRelease.IsBefore(RunnerRelease.Of(_rule.Profile.InitContainer.Image), RegisterOption.JoinedSince)
            ? "true" : "false";

    /// <summary>The variable that <see cref="IsOld"/> reads.</summary>
    public (string Name, string Expression) Release() => ("old", HasReleases ? IsBefore(RegisterOption.JoinedSince) : IsOld);

    /// <summary>Whether the image is too old for what a policy can write, as an expression.</summary>
    public string IsTooOld => HasReleases && _rule.Profile.InitContainer.Guard ? IsBefore(OptionReleases.Of(Flags)) : "false";

    /// <summary>The arguments: a list of words.</summary>
    public string Arguments() => ByRelease([.. Tags.Select(Arguments)]);

    private string Arguments(string tag)
    {
        var parts = new List<string>();
        var options = _rule.Options.Select(option => new AnnotatedOption(option)).ToArray();
        var literal = new List<string>();
        var words = Words(WithMarks(options), tag).ToArray();
        var rendered = words[..^_rule.Profile.ExtraArgs.Length];
        foreach (var word in rendered)
        {
            if (options.FirstOrDefault(option => option.Writes(word)) is not { } own)
            {
                literal.Add(word);
            }
            else if (word == own.Argument(Owner))
            {
                Flush();
                var provided = rendered.Where(other => own.Writes(other) && other != word);
                parts.Add(own.Arguments(IsOld, Of(own, _rule, tag), Of(own, WithEmpty(own.Option), tag), provided));
            }
        }

        // They come last, and are no annotation's to change.
        literal.AddRange(words[rendered.Length..]);
        Flush();
        return Cel.Flat(parts);

        void Flush()
        {
            if (literal.Count > 0)
            {
                parts.Add(Cel.Texts(literal));
                literal.Clear();
            }
        }
    }

    /// <summary>The arguments without annotations.</summary>
    public string BaseArguments() => ByRelease([.. _ofPods.Select(container => Cel.Texts(WordsOf(container)))]);

    /// <summary>The container's digest without annotations.</summary>
    public string Digest()
    {
        var (pods, nodes) = (ByRelease([.. _ofPods.Select(Digest)]), ByRelease([.. _ofNodes.Select(Digest)]));
        return pods == nodes ? pods : $"(variables.node ? {nodes} : {pods})";

        static string Digest(JsonObject container) => Cel.Text(PieceDigest.Of(container));
    }

    /// <summary>The variables of the container that the settings make.</summary>
    public string Env()
    {
        var (pods, nodes) = (Env(_ofPods[0]), Env(_ofNodes[0]));
        return pods == nodes ? pods : $"(variables.node ? {nodes} : {pods})";

        static string Env(JsonObject container) => Cel.List((container["env"] as JsonArray ?? [])
            .Select(variable => $"dyn({Cel.Value(variable, Holes.None)})")).Replace(Cel.Text(Owner), "object.metadata.name",
                StringComparison.Ordinal);
    }

    /// <summary>The container as it is rendered for a Pod of the newest release.</summary>
    public JsonObject Container => _ofPods[0];

    /// <summary>The name of the list that holds the arguments.</summary>
    public string ArgumentList => Container.ContainsKey("args") ? "args" : "command";

    private static IEnumerable<string> Words(ExportedRule rule, string tag) => WordsOf(Render(rule, tag, null));

    private static IEnumerable<string> WordsOf(JsonObject container) =>
        (container["args"] ?? container["command"])!.AsArray().Select(word => (string)word!);

    private static IEnumerable<string> Of(AnnotatedOption option, ExportedRule rule, string tag) =>
        Words(rule, tag).SkipLast(rule.Profile.ExtraArgs.Length).Where(option.Writes);

    private ExportedRule WithMarks(AnnotatedOption[] options) => _rule with
    {
        Profile = _rule.Profile with
        {
            Register = _rule.Profile.Register.SetItems(options.Select(option =>
                KeyValuePair.Create(option.Option.Name, ImmutableArray.Create(Owner)))),
        },
    };

    private ExportedRule WithEmpty(RegisterOption option) => _rule with
    {
        Profile = _rule.Profile with
        {
            Register = _rule.Profile.Register.SetItem(option.Name, option.IsList ? [] : [""]),
        },
    };

    private string ByRelease(string[] expressions) => !HasReleases || expressions[0] == expressions[1] ? expressions[0]
        : $"(variables.old ? {expressions[1]} : {expressions[0]})";

    private static JsonObject Render(ExportedRule rule, string tag, string? daemonSet)
    {
        var template = Probe.Template(container: new() { ["image"] = "gitlab/gitlab-runner:" + tag });
        var plan = Probe.Plan(rule.Profile, template, daemonSet);
        var address = PieceAddress.InitContainer(rule.Profile.InitContainer.Name);
        return plan.Pieces.First(piece => piece.Address.Equals(address)).Value.AsObject();
    }

    // A release without a minor number counts as the last of its major number.
    private static string IsBefore(string release)
    {
        var parts = release.Split('.');
        var major = int.Parse(parts[0], CultureInfo.InvariantCulture);
        var minor = int.Parse(parts[1], CultureInfo.InvariantCulture);
        var majors = string.Join('|', Enumerable.Range(0, major).Reverse());
        var minors = string.Join('|', Enumerable.Range(0, minor).Reverse());
        var version = $@"(({majors})(\.[0-9]{{1,4}})?|{major}\.({minors}))";
        var image = $"^([^@]*/)?gitlab-runner[^/:@]*:(v?|[^@]*-v){version}([^0-9@][^@]*)?(@.*)?$";
        return $"variables.image.matches({Cel.Text(image)})";
    }
}
