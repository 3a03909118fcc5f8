using RunnerWebhook.Core.Injection;

namespace RunnerWebhook.Core.Exporting;

/// <summary>A piece of the engine's as expressions: where it goes, what it is, and whether it is there.</summary>
/// <param name="Piece">The piece, as the engine renders it for a pod that has nothing of its own.</param>
internal sealed record PieceExpression(Piece Piece)
{
    /// <summary>How the record calls it.</summary>
    public string Short { get; } = Piece.Address.ShortFor(Workloads.WellKnown.RunnerContainer);

    /// <summary>The value. Default the piece's own.</summary>
    public string Value { get; init; } = Cel.Value(Piece.Value, Holes.None);

    /// <summary>The digest. Default the piece's own.</summary>
    public string Digest { get; init; } = Cel.Text(Piece.Digest);

    /// <summary>Whether there is room for it at all. Default always.</summary>
    public string Fits { get; init; } = "true";

    /// <summary>The list that it belongs to, as in <c>volumes</c> or <c>env</c>; null for a field.</summary>
    public string? List => Piece.Address.List?.Name;

    /// <summary>Whether it lies in the runner container.</summary>
    public bool IsInRunner => Piece.Address.ContainerName is not null;

    /// <summary>The path of its list, or of itself if it is a field, as an expression.</summary>
    public string Path
    {
        get
        {
            var address = Piece.Address.List ?? Piece.Address;
            return address.ContainerName is { } runner
                ? "variables.at + '/spec/containers/' + string(variables.index) + "
                    + Cel.Text(address.Text[PieceAddress.Container(runner).Text.Length..])
                : $"variables.at + {Cel.Text(address.Text)}";
        }
    }

    /// <summary>Whether there is something at its place.</summary>
    public string IsPresent => Piece.Address.Kind switch
    {
        PieceKind.Volume => $"variables.volumes.exists(v, v.name == {Name})",
        PieceKind.InitContainer => $"variables.inits.exists(c, c.name == {Name})",
        PieceKind.Variable => $"{Name} in variables.envNames",
        PieceKind.Mount => $"variables.mounts.exists(m, {PodVariables.PathOf("m")} == {MountPath})",
        PieceKind.Hooks => "has(variables.runner.lifecycle)",
        PieceKind.StopHook => "has(variables.runner.lifecycle) && has(variables.runner.lifecycle.preStop)",
        _ => PodVariables.HasGracePeriod,
    };

    /// <summary>Whether its list is there.</summary>
    public string HasList => IsInRunner ? $"has(variables.runner.{List})" : $"has(variables.spec.{List})";

    /// <summary>The list.</summary>
    public string Elements => IsInRunner ? $"variables.runner.{List}" : $"variables.spec.{List}";

    /// <summary>Whether an element of the list, called e, is at its place.</summary>
    public string IsElement => Piece.Address.Kind == PieceKind.Mount
        ? $"{PodVariables.PathOf("e")} == {MountPath}" : $"e.name == {Name}";

    private string MountPath => Cel.Text(Piece.Address.Name.TrimEnd('/'));

    private string Name => Cel.Text(Piece.Address.Name);

    /// <summary>The variable that says whether the record lists it.</summary>
    public string IsRecorded => $"{Cel.Text(Short)} in variables.recorded";

    /// <summary>Whether the record is to list it: it is ours already, or is being added.</summary>
    public string IsOurs => $"({Fits}) && (!({IsPresent}) || {IsRecorded})";

    /// <summary>Whether the one that is there is rendered anew.</summary>
    public string IsRenewed => $"variables.renew && {(Value == "variables.init" ? "" : "!variables.current && ")}"
        + $"{IsPresent} && {IsRecorded} && !({Cel.Text(Short)} in variables.edited)";

    /// <summary>Its value if there is one: a container keeps what other tools have added to it.</summary>
    public string Renewed => List == "initContainers"
        ? InjectedContainer.Merged(Value, $"variables.inits.filter(e, {IsElement})[0]") : Value;

    /// <summary>Whether it is being added.</summary>
    public string IsMissing => $"({Fits}) && !({IsPresent})";

    /// <summary>Whether the one that is there is another than today's settings make, as far as its digest goes.</summary>
    public string Differs => (List, Value) switch
    {
        (_, "variables.init") => "!variables.intact",
        (_, "variables.sidecar") => $"!variables.inits.exists(e, {IsElement} && "
            + $"{Updated.Words("e")} == {Updated.Words("variables.sidecar")})",
        ("env", _) => $"!variables.env.exists(e, {IsElement} && e.?value.orValue('') == {Text("value")})",
        ("volumeMounts", _) => $"!variables.mounts.exists(e, {IsElement} && e.name == {Text("name")} && "
            + "e.?readOnly.orValue(false) && e.?subPath.orValue('') == '')",
        ("volumes", _) => $"!variables.volumes.exists(e, {IsElement} && {IsSameVolume()})",
        _ when Short == "./lifecycle" => $"variables.runner.lifecycle != {Value}",
        _ when Short == "./lifecycle/preStop" => $"variables.runner.lifecycle.preStop != {Value}",
        _ => $"variables.spec.{Short} != {Value}",
    };

    private string Text(string field) => Cel.Text((string?)Piece.Value[field] ?? "");

    // Without the API server's defaults.
    private string IsSameVolume()
    {
        var (source, own) = Piece.Value.AsObject().First(member => member.Key != "name");
        var fields = own!.AsObject().Where(field => field.Value is not null && field.Key != "defaultMode");
        var tests = fields.Select(field => $"e.?{source}.?{field.Key} == optional.of({Cel.Value(field.Value, Holes.None)})");
        return string.Join(" && ", [$"has(e.{source})", .. tests,
            .. source == "emptyDir" ? [$"e.emptyDir.size() == {own.AsObject().Count}"] : Array.Empty<string>()]);
    }

    /// <summary>Every piece of a rule, in the order of the plan.</summary>
    public static IEnumerable<PieceExpression> Of(ExportedRule rule, Rendering rendering)
    {
        var isSocket = new Refusals(rule, rendering).IsSocket("v");
        foreach (var piece in Probe.Plan(rule.Profile, Probe.Template()).Pieces
            .Where(piece => piece.Address.Kind is not (PieceKind.Container or PieceKind.HostUsers or PieceKind.RuntimeClass)))
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
            else if (piece.Address.Kind == PieceKind.InitContainer)
            {
                yield return own with { Value = "variables.sidecar" };
            }
            else if (piece.Address.Kind == PieceKind.Hooks)
            {
                // Other hooks of the user's leave room for the one.
                yield return own with { Fits = $"!has(variables.runner.lifecycle) || {own.IsRecorded}" };
                var hook = new Piece(PieceAddress.StopHook(piece.Address.ContainerName!), piece.Value["preStop"]!.DeepClone());
                yield return new(hook) { Fits = $"has(variables.runner.lifecycle) && !({own.IsRecorded})" };
            }
            else
            {
                yield return own;
            }
        }
    }
}
