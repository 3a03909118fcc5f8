using System.Globalization;
using RunnerWebhook.Core.Injection;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Core.Exporting;

/// <summary>The variables by which every policy sees a pod template: the same names for a Pod and for a DaemonSet.</summary>
internal static class PodVariables
{
    // What InjectionStatus.TryParse takes for a record.
    private const string RecordPattern =
        """^\{"version":"[A-Za-z0-9.+_-]{1,63}","revision":"[A-Za-z0-9.+_-]{1,63}","profile":"[A-Za-z0-9.+_-]{1,63}",""";

    /// <summary>The word that makes a command a registration, where no shell is read: alone, or after gitlab-runner.</summary>
    private const string RegisterPattern =
        @"^register$|(gitlab-runner|gitlab-ci-multi-runner|entrypoint)([^;&|\n]|\\\n)*\sregister(\s|$)|gitlab-runner ""\$@""";

    /// <summary>Whether an object can be injected: it is not being deleted, and no mirror of a static pod.</summary>
    public static string IsAlive => "!has(object.metadata.deletionTimestamp) && "
        + $"!(request.kind.kind == 'Pod' && {Cel.Text(WellKnown.MirrorPodAnnotation)} in "
        + "object.metadata.?annotations.orValue({}))";

    /// <summary>Whether the pod states another grace period than Kubernetes' default.</summary>
    public static string HasGracePeriod => string.Create(CultureInfo.InvariantCulture, $"variables.spec.?"
        + $"terminationGracePeriodSeconds.orValue({InjectionPlanner.DefaultGracePeriodSeconds}) != "
        + $"{InjectionPlanner.DefaultGracePeriodSeconds}");

    /// <summary>Whether an object carries the label.</summary>
    public static string IsLabelled(string owner) =>
        $"{owner}.metadata.?labels[?{Cel.Text(WellKnown.InjectLabel)}].orValue('') == {Cel.Text(WellKnown.InjectValue)}";

    /// <summary>The path of a mount without a slash at its end, as an expression.</summary>
    public static string PathOf(string mount) => $"({mount}.mountPath.size() > 1 && {mount}.mountPath.endsWith('/') ? "
        + $"{mount}.mountPath.substring(0, {mount}.mountPath.size() - 1) : {mount}.mountPath)";

    /// <summary>How the record calls a mount of the runner container, as an expression.</summary>
    public static string AddressOf(string mount) =>
        $"('./volumeMounts/' + {mount}.mountPath.replace('~', '~0').replace('/', '~1'))";

    /// <summary>Whether a container registers a runner, as an expression.</summary>
    public static string Registers(string container) =>
        $"({container}.?command.orValue([]) + {container}.?args.orValue([]) + "
        + $"{container}.?lifecycle.?postStart.?exec.?command.orValue([])).exists(w, w.matches({Cel.Text(RegisterPattern)}))";

    /// <summary>Whether a container shares a volume with the runner container, as an expression.</summary>
    public static string SharesVolume(string container) => $"{container}.?volumeMounts.orValue([]).exists(m, "
        + $"!({IsServiceAccount("m")}) && variables.volumes.exists(v, v.name == m.name) && "
        + $"variables.mounts.exists(n, n.name == m.name && !({IsServiceAccount("n")})))";

    /// <summary>Whether the API server mounts its token there, as an expression.</summary>
    public static string IsServiceAccount(string mount) =>
        $"{mount}.mountPath.startsWith('/var/run/secrets/kubernetes.io/serviceaccount')";

    /// <summary>All of them, each after those that it uses.</summary>
    public static IEnumerable<(string Name, string Expression)> All() =>
        [.. Template(), .. Record(), .. Runner(), .. States(), .. Updated.Variables()];

    private static IEnumerable<(string Name, string Expression)> Template() =>
    [
        ("pod", "request.kind.kind == 'Pod'"),
        ("at", "variables.pod ? '' : '/spec/template'"),
        ("asked", IsLabelled("object")),
        ("template", "variables.pod ? dyn(object) : dyn(object).spec.template"),
        ("spec", "variables.template.spec"),
        ("notes", "variables.template.?metadata.?annotations.orValue({})"),
        ("ownNotes", "object.metadata.?annotations.orValue({})"),
        ("inits", "variables.spec.?initContainers.orValue([])"),
        ("volumes", "variables.spec.?volumes.orValue([])"),
        ("names", "variables.spec.containers.map(c, c.name)"),
        ("old", "request.operation == 'UPDATE' && !variables.pod ? dyn(oldObject).spec.template : dyn({})"),
        ("object", "request.kind.kind + ' ' + request.namespace + '/' + (object.metadata.?name.orValue('') != '' ? "
            + "object.metadata.name : object.metadata.?generateName.orValue('') != '' ? object.metadata.generateName + '*' : "
            + "'(no name)')"),
    ];

    // An update that drops the annotation and leaves the registration does not give up the record.
    private static IEnumerable<(string Name, string Expression)> Record()
    {
        var note = $"variables.notes[?{Cel.Text(WellKnown.StatusAnnotation)}].orValue('')";
        var old = $"variables.old.?metadata.?annotations[?{Cel.Text(WellKnown.StatusAnnotation)}].orValue('')";
        return
        [
            ("oldNote", Valid(old)),
            ("storedPieces", Names("variables.oldNote")),
            ("written", $"{Valid(note)} != ''"),
            ("record", $"variables.written ? {note} : variables.inits.exists(c, ('initContainers/' + c.name) in "
                + "variables.storedPieces) ? variables.oldNote : ''"),
            ("entries", Entries("variables.record")),
            ("recorded", "variables.entries.map(e, e.split('\"')[1])"),
        ];

        static string Valid(string note) =>
            $"({note}.matches({Cel.Text(RecordPattern)}) && {note}.contains('\"pieces\":{{\"') ? {note} : '')";

        static string Entries(string record) =>
            $"{record} == '' ? [] : {record}.split('\"pieces\":{{')[1].split('}}')[0].split(',')";

        static string Names(string record) => $"({Entries(record)}).map(e, e.split('\"')[1])";
    }

    private static IEnumerable<(string Name, string Expression)> Runner()
    {
        var key = Cel.Text(WellKnown.ContainerAnnotation);
        var usual = Cel.Text(WellKnown.RunnerContainer);
        return
        [
            ("wanted", $"variables.notes[?{key}].or(variables.ownNotes[?{key}])"),
            ("name", $"(variables.names.filter(n, n == {usual}) +\n"
                + "(variables.wanted.hasValue() ? variables.names.filter(n, n == variables.wanted.value()) :\n"
                + "variables.names.filter(n, variables.record.contains('\"container\":\"' + n + '\"')) + "
                + "(variables.names.size() == 1 ? variables.names : [])) + [''])[0]"),
            ("index", "variables.names.indexOf(variables.name)"),
            ("runner", "variables.index < 0 ? {} : variables.spec.containers[variables.index]"),
            ("image", "variables.runner.?image.orValue('')"),
            ("mounts", "variables.runner.?volumeMounts.orValue([])"),
            ("ownMounts", $"variables.mounts.filter(m, !({AddressOf("m")} in variables.recorded))"),
            // A recorded mount that shows another volume now is no longer ours.
            ("foreignMounts", $"variables.mounts.filter(m, !({AddressOf("m")} in variables.recorded && "
                + "('volumes/' + m.name) in variables.recorded))"),
            ("env", "variables.runner.?env.orValue([])"),
            ("envNames", "variables.env.map(e, e.name)"),
            ("words", "variables.runner.?command.orValue([]) + variables.runner.?args.orValue([]) + "
                + "variables.runner.?lifecycle.?postStart.?exec.?command.orValue([])"),
        ];
    }

    // Complete: every recorded piece is there, and the pod really registers. By hand: another container registers.
    private static IEnumerable<(string Name, string Expression)> States()
    {
        var isThere = string.Join(" ||\n",
            "variables.volumes.exists(v, p == 'volumes/' + v.name)",
            "variables.inits.exists(c, p == 'initContainers/' + c.name)",
            "variables.names.exists(n, p == 'containers/' + n)",
            "variables.envNames.exists(n, p == './env/' + n)",
            $"variables.mounts.exists(m, p == {AddressOf("m")})",
            "(p == './lifecycle' && has(variables.runner.lifecycle))",
            "(p == './lifecycle/preStop' && has(variables.runner.lifecycle) && has(variables.runner.lifecycle.preStop))",
            "(p == 'hostUsers' && has(variables.spec.hostUsers))",
            "(p == 'runtimeClassName' && has(variables.spec.runtimeClassName))",
            $"(p == 'terminationGracePeriodSeconds' && {HasGracePeriod})");
        return
        [
            ("settled", $"variables.written && variables.index >= 0 && variables.recorded.all(p,\n{isThere}) &&\n"
                + $"variables.inits.exists(c, {Registers("c")} && {SharesVolume("c")})"),
            ("byHand", $"variables.index >= 0 && ({Registers("variables.runner")} ||\n"
                + "(variables.inits.filter(c, !(('initContainers/' + c.name) in variables.recorded)) +\n"
                + "variables.spec.containers.filter(c, c.name != variables.name)).exists(c, "
                + $"{Registers("c")} && {SharesVolume("c")}))"),
        ];
    }
}
