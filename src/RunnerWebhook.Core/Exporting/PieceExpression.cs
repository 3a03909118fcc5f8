using RunnerWebhook.Core.Injection;

namespace RunnerWebhook.Core.Exporting;

/// <summary>A piece of the engine's as expressions: where it goes, what it is, and whether it is there.</summary>
/// <param name="Piece">The piece, as the engine renders it for a pod that has nothing of its own.</param>
internal sealed record PieceExpression(Piece Piece)
{
    private const string Runner = "containers/gitlab-runner/";

    /// <summary>How the record calls it.</summary>
    public string Short { get; } = StatusAddress.Shorten(Piece.Address.ToString(), Workloads.WellKnown.RunnerContainer);

    /// <summary>The value. Default the piece's own.</summary>
    public string Value { get; init; } = Cel.Value(Piece.Value, Holes.None);

    /// <summary>The digest. Default the piece's own.</summary>
    public string Digest { get; init; } = Cel.Text(Piece.Digest);

    /// <summary>Whether there is room for it at all. Default always.</summary>
    public string Fits { get; init; } = "true";

    /// <summary>The list that it belongs to, as in <c>volumes</c> or <c>env</c>; null for a field.</summary>
    public string? List => PieceAddress.IsListElement(Piece.Address) ? Piece.Address.Parent.Last : null;

    /// <summary>Whether it lies in the runner container.</summary>
    public bool IsInRunner => PieceAddress.ContainerOf(Piece.Address) is not null;

    /// <summary>The path of its list, or of itself where it is a field, as an expression.</summary>
    public string Path
    {
        get
        {
            var address = (List is null ? Piece.Address : Piece.Address.Parent).ToString();
            var inRunner = "/spec/" + Runner;
            return IsInRunner
                ? $"variables.at + '/spec/containers/' + string(variables.index) + {Cel.Text("/" + address[inRunner.Length..])}"
                : $"variables.at + {Cel.Text(address)}";
        }
    }

    /// <summary>Whether there is something at its place.</summary>
    public string IsPresent => List switch
    {
        "volumes" => $"variables.volumes.exists(v, v.name == {Name})",
        "initContainers" => $"variables.inits.exists(c, c.name == {Name})",
        "env" => $"{Name} in variables.envNames",
        "volumeMounts" => $"variables.mounts.exists(m, {PodVariables.PathOf("m")} == {MountPath})",
        _ => Short switch
        {
            "./lifecycle" => "has(variables.runner.lifecycle)",
            "./lifecycle/preStop" => "has(variables.runner.lifecycle) && has(variables.runner.lifecycle.preStop)",
            _ => PodVariables.HasGracePeriod,
        },
    };

    /// <summary>Whether its list is there.</summary>
    public string HasList => IsInRunner ? $"has(variables.runner.{List})" : $"has(variables.spec.{List})";

    /// <summary>The list.</summary>
    public string Elements => IsInRunner ? $"variables.runner.{List}" : $"variables.spec.{List}";

    /// <summary>Whether an element of the list, called e, is at its place.</summary>
    public string IsElement => List == "volumeMounts"
        ? $"{PodVariables.PathOf("e")} == {MountPath}" : $"e.name == {Name}";

    private string MountPath => Cel.Text(Piece.Address.Last.TrimEnd('/'));

    private string Name => Cel.Text(Piece.Address.Last);

    /// <summary>The variable that says whether the record lists it.</summary>
    public string IsRecorded => $"{Cel.Text(Short)} in variables.recorded";

    /// <summary>Whether the record is to list it: it is ours already, or is being added.</summary>
    public string IsOurs => $"({Fits}) && (!({IsPresent}) || {IsRecorded})";

    /// <summary>Whether it is being added.</summary>
    public string IsMissing => $"({Fits}) && !({IsPresent})";

    /// <summary>Every piece of a rule, in the order of the plan.</summary>
    public static IEnumerable<PieceExpression> Of(ExportedRule rule, Rendering rendering)
    {
        var isSocket = new Refusals(rule, rendering).IsSocket("v");
        foreach (var piece in Probe.Plan(rule.Profile, Probe.Template()).Pieces
            .Where(piece => piece.Address.Tokens is not ([_, "containers", _] or [_, "hostUsers" or "runtimeClassName"])))
        {
            var own = new PieceExpression(piece);
            if (piece.Address.Equals(PieceAddress.Volume(rule.Profile.SocketVolume.Name)) && piece.Value["hostPath"] is not null)
            {
                // The user's own volume of the socket serves under its own name.
                yield return own with { Fits = $"!variables.volumes.exists(v, v.name != {own.Name} && {isSocket})" };
            }
            else if (piece.Address.Equals(PieceAddress.InitContainer(rule.Profile.InitContainer.Name)))
            {
                yield return own with { Value = "variables.init", Digest = rendering.Digest() };
            }
            else if (own.List == "initContainers")
            {
                yield return own with { Value = "variables.sidecar" };
            }
            else if (own.Short == "./lifecycle")
            {
                // Other hooks of the user's leave room for the one.
                yield return own with { Fits = $"!has(variables.runner.lifecycle) || {own.IsRecorded}" };
                var hook = new Piece(piece.Address.Append("preStop"), piece.Value["preStop"]!.DeepClone());
                yield return new(hook) { Fits = $"has(variables.runner.lifecycle) && !({own.IsRecorded})" };
            }
            else
            {
                yield return own;
            }
        }
    }
}
