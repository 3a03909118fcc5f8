using System.Text.Json.Nodes;
using RunnerWebhook.Core.Injection;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Core.Exporting;

/// <summary>The injected containers as expressions.</summary>
internal static class InjectedContainer
{
    /// <summary>The fields that follow the runner container, and the image where the settings name none.</summary>
    public static IEnumerable<string> Followed(ExportedRule rule) => rule.Profile.InitContainer.Image.Length > 0
        ? RunnerAccess.Fields : RunnerAccess.Fields.Prepend("imagePullPolicy").Prepend("image");

    /// <summary>The variables that the containers need.</summary>
    public static IEnumerable<(string Name, string Expression)> Variables(ExportedRule rule, Rendering rendering, Piece? sidecar)
    {
        var profile = rule.Profile;
        var container = rendering.Container;
        var paths = RunnerAccess.PathOptions.SelectMany(option => profile.Register.GetValueOrDefault(option, [])
            .Concat(profile.ExtraArgs.Where(argument => argument.StartsWith($"--{option}=", StringComparison.Ordinal))
                .Select(argument => argument[(option.Length + 3)..])))
            .Concat(MountedFile.Certificates(profile) is { } ca ? [ca.Path] : [])
            .Where(path => path.Length > 0).Distinct().ToArray();
        var registration = new Mirror(
            AccessUse.Registration, "init", paths, [profile.ConfigVolume.MountPath], Mounted(container));
        IEnumerable<(string, string)> variables =
        [
            rendering.Release(),
            ("node", "!variables.pod && object.metadata.?name.orValue('') != '' && "
                + "[dyn(object.spec.?updateStrategy.?rollingUpdate.?maxSurge.orValue(0))]"
                + ".exists(s, s == 0 || s == '0' || s == '0%')"),
            ("args", rendering.Arguments()),
            ("baseArgs", rendering.BaseArguments()),
            ("initBase", rendering.Env()),
            ("sources", "variables.runner.?envFrom.orValue([])"),
            .. registration.All(),
            ("init", Container(container, rule, rendering, registration)),
        ];
        if (sidecar is null)
        {
            return variables;
        }

        var own = sidecar.Value.AsObject();
        var engine = new Mirror(AccessUse.Engine, "engine", [], [], Mounted(own));
        return [.. variables, .. engine.All(), ("sidecar", Sidecar(own, engine))];
    }

    private static string[] Mounted(JsonObject container) =>
        [.. container["volumeMounts"]!.AsArray().Select(mount => (string)mount!["mountPath"]!)];

    private static string Container(JsonObject container, ExportedRule rule, Rendering rendering, Mirror mirror)
    {
        var members = new List<(string, string)>();
        foreach (var (key, value) in container)
        {
            members.Add((Cel.Text(key), key switch
            {
                "image" when rendering.HasReleases => "variables.image",
                _ when key == rendering.ArgumentList => "variables.args",
                "env" => $"variables.initBase + {mirror.Env}",
                "volumeMounts" => $"{Elements(value!)} + {mirror.Mounts}",
                _ => Cel.Value(value, Holes.None),
            }));
        }

        if (!container.ContainsKey("env"))
        {
            members.Add(("'env'", mirror.Env));
        }

        return Open(members, Followed(rule).Where(field => field != "image"));
    }

    // The certificates of the settings give way to a file that the runner container names.
    private static string Sidecar(JsonObject container, Mirror mirror)
    {
        const string isNamed = "'SSL_CERT_FILE' in variables.engineNames";
        return Open(container.Select(member => (Cel.Text(member.Key), member.Key switch
        {
            "env" => $"{Elements(member.Value!)}.filter(e, e.name != 'SSL_CERT_FILE') + {mirror.Env} + "
                + $"{Elements(member.Value!)}.filter(e, e.name == 'SSL_CERT_FILE' && !({isNamed}))",
            "volumeMounts" => $"{Elements(member.Value!)}.filter(m, m.name != '{WellKnown.CertificatesVolume}' || !({isNamed}))"
                + $" + {mirror.Mounts}",
            _ => Cel.Value(member.Value, Holes.None),
        })).Concat(container.ContainsKey("env") ? [] : [("'env'", mirror.Env)]), []);
    }

    /// <summary>A container as it is rendered, with the variables and mounts that other tools have added to the present one:
    /// <see cref="ContainerMerge"/> in CEL.</summary>
    public static string Merged(string rendered, string present)
    {
        var names = Cel.Texts(PieceDigest.OwnVariables.Concat(RunnerAccess.Variables.Select(variable => variable.Name)));
        var env = $"{present}.?env.orValue([]).filter(v, !(v.name in {names}) && !v.name.matches('^(RUNNER|CACHE)_') && "
            + $"!{rendered}.?env.orValue([]).exists(w, w.name == v.name))";
        var mounts = $"{present}.?volumeMounts.orValue([]).filter(m, variables.volumes.exists(v, v.name == m.name && "
            + "!(('volumes/' + v.name) in variables.recorded && !(('volumes/' + v.name) in variables.edited))) && "
            + $"!{rendered}.?volumeMounts.orValue([]).exists(n, n.mountPath == m.mountPath))";
        return $"{rendered}.transformMap(k, v, k == 'env' ? dyn(v + {env}) : k == 'volumeMounts' ? dyn(v + {mounts}) : dyn(v))";
    }

    private static string Elements(JsonNode list) =>
        Cel.List(list.AsArray().Select(element => $"dyn({Cel.Value(element, Holes.None)})"));

    // A field that the runner container lacks is left out.
    private static string Open(IEnumerable<(string Key, string Value)> members, IEnumerable<string> followed)
    {
        var fields = members.Select(member => $"{member.Key}: dyn({member.Value})")
            .Concat(followed.Select(field => $"?{Cel.Text(field)}: variables.runner.?{field}"));
        return $"{{{string.Join(",\n", fields)}}}";
    }
}
