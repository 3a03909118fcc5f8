using System.Text.Json;
using System.Text.Json.Nodes;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Core.Injection;

/// <summary>Gives an injected container what the runner container has by <see cref="RunnerAccess"/>.</summary>
internal sealed class AccessMirror
{
    // What the registration itself is given must not be hidden by a variable that is only referred to.
    private const string ReferencePrefix = "RUNNER_REF_";

    // Pods are written by anyone: a variable that refers to one that refers to one … is followed no further, and of a list of
    // folders no more are looked at.
    private const int MaxDepth = 20;
    private const int MaxPaths = 100;

    private readonly PodTemplate _template;
    private readonly Container _runner;
    private readonly AccessUse _use;
    private readonly Dictionary<string, EnvVariable> _own = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _literals = new(StringComparer.Ordinal);
    private readonly HashSet<string> _paths = new(StringComparer.Ordinal);
    private readonly List<JsonNode> _env = [];
    private readonly HashSet<string> _envNames = new(StringComparer.Ordinal);
    private readonly List<string> _folders = [];
    private bool _hasUnseenPath;

    /// <param name="template">The user's part of the pod template.</param>
    /// <param name="runner">The runner container in it.</param>
    /// <param name="use">Whose container it is that gets the same.</param>
    /// <param name="paths">Files of the runner's that the settings name.</param>
    /// <param name="folders">Folders of which every mount comes along, as the configuration's own.</param>
    public AccessMirror(
        PodTemplate template, Container runner, AccessUse use, IEnumerable<string> paths, IEnumerable<string> folders)
    {
        (_template, _runner, _use) = (template, runner, use);
        _paths.UnionWith(paths.Where(path => path.Length > 0));
        _folders.AddRange(folders);
        _folders.AddRange(RunnerAccess.Places.Where(place => place.Use.HasFlag(use)).Select(place => place.Path));
        foreach (var variable in runner.Env)
        {
            _own[variable.Name] = variable;
            if (variable.IsLiteral)
            {
                _literals[variable.Name] = variable.Value!;
            }
        }

        AddOwnVariables();
        foreach (var (name, source) in RunnerEnvFrom.Variables(runner, use).Where(variable => !IsOwn(variable.Name)))
        {
            AddVariable(name, source);
            _hasUnseenPath |= RunnerAccess.Variables.Any(own => own.Name == name && own.IsPath);
        }

        if (use == AccessUse.Registration && runner.Json.Text("workingDir") is { Length: > 0 } directory)
        {
            _paths.Add(directory);
        }

        AddCertificateVariables();
    }

    /// <summary>The variables.</summary>
    public IEnumerable<JsonNode> Env => _env;

    /// <summary>The home in which a runner that is not root finds certificates; null if it has none there.</summary>
    public string? Home => _runner.Mounts.Select(mount => mount.MountPath)
        .Where(path => path.Contains(RunnerAccess.HomeCertificates, StringComparison.Ordinal))
        .Select(path => path[..path.IndexOf(RunnerAccess.HomeCertificates, StringComparison.Ordinal)])
        .FirstOrDefault(home => home.Length > 0);

    /// <summary>The mounts, but for places that the injected container needs itself.</summary>
    public IEnumerable<JsonNode> Mounts(IEnumerable<string> taken)
    {
        var places = taken.ToArray();
        var providers = _paths.Select(_runner.MountOf).OfType<VolumeMount>().ToHashSet();
        return _runner.Mounts.Zip(_runner.Json.List("volumeMounts"))
            .Where(mount => providers.Contains(mount.First) || IsNeeded(mount.First))
            .Where(mount => !places.Any(place => VolumeMount.SamePath(place, mount.First.MountPath)))
            .Select(mount => Renamed(mount.Second)).ToArray();
    }

    private bool IsNeeded(VolumeMount mount)
    {
        var path = mount.MountPath;
        return _folders.Any(folder => VolumeMount.SamePath(path, folder) || VolumeMount.IsBelow(path, folder))
            || _paths.Any(file => VolumeMount.IsBelow(path, file))
            || path.Contains(RunnerAccess.HomeCertificates, StringComparison.Ordinal)
            || (_hasUnseenPath && _template.VolumeNamed(mount.Name) is { } volume && HoldsFiles(volume)
                && !mount.IsServiceAccount);
    }

    // A projected volume may hold a token of the service account, which is none of an engine's business.
    private bool HoldsFiles(Volume volume) => volume.Source is "configMap" or "secret"
        || (volume.Source == "projected" && _use == AccessUse.Registration);

    private void AddOwnVariables()
    {
        foreach (var variable in RunnerAccess.Variables.Where(variable => variable.Use.HasFlag(_use)))
        {
            if (!_own.TryGetValue(variable.Name, out var own))
            {
                continue;
            }

            AddVariable(own.Name, Renamed(own.Json));
            if (variable.IsPath)
            {
                AddPaths(own);
            }
        }
    }

    private void AddPaths(EnvVariable variable)
    {
        var value = variable.Value is null ? "" : ShellVariables.ExpandReferences(variable.Value, _literals);
        if (variable.Value is null || value.Contains("$(", StringComparison.Ordinal))
        {
            _hasUnseenPath = true;
            return;
        }

        _paths.UnionWith(value.Split(':', StringSplitOptions.RemoveEmptyEntries).Take(MaxPaths));
    }

    // The image's entry point trusts a file of its own, and update-ca-certificates a folder: no injected container runs either,
    // but Go reads the same certificates by variable, in addition to the system's.
    private void AddCertificateVariables()
    {
        if (_use == AccessUse.Registration && !_envNames.Contains("SSL_CERT_FILE") && EntryPointCertificate() is { } file)
        {
            _paths.Add(file);
            AddVariable("SSL_CERT_FILE", new JsonObject { ["value"] = file });
        }

        var local = _runner.Mounts.Where(mount => VolumeMount.SamePath(mount.MountPath, RunnerAccess.LocalCertificates)
                || VolumeMount.IsBelow(mount.MountPath, RunnerAccess.LocalCertificates))
            .Select(mount => mount.SubPath.Length > 0 || mount.MountPath.EndsWith(".crt", StringComparison.Ordinal)
                ? mount.MountPath[..mount.MountPath.LastIndexOf('/')] : mount.MountPath.TrimEnd('/'))
            .Distinct().ToArray();
        if (local.Length > 0 && !_envNames.Contains("SSL_CERT_DIR"))
        {
            AddVariable("SSL_CERT_DIR",
                new JsonObject { ["value"] = string.Join(':', local.Prepend(RunnerAccess.SystemCertificates)) });
        }
    }

    private string? EntryPointCertificate()
    {
        var file = _literals.GetValueOrDefault(RunnerAccess.EntryPointVariable, RunnerAccess.EntryPointCertificate);
        return RunnerCommand.UsesEntryPoint(_runner) && _runner.MountOf(file) is { } mount
            && _template.VolumeNamed(mount.Name) is { } volume && volume.MayHold(mount, file)
                ? file
                : null;
    }

    private bool IsOwn(string name) => _own.ContainsKey(name);

    private void AddVariable(string name, JsonNode source)
    {
        if (_envNames.Add(name))
        {
            source["name"] = name;
            _env.Add(InOrder(source.AsObject()));
        }
    }

    private static JsonObject InOrder(JsonObject variable)
    {
        var ordered = new JsonObject { ["name"] = variable["name"]!.DeepClone() };
        foreach (var (key, value) in variable.Where(member => member.Key != "name"))
        {
            ordered[key] = value?.DeepClone();
        }

        return ordered;
    }

    // A copy whose references lead to copies of what they refer to: under other names, which register does not read.
    private JsonNode Renamed(JsonElement json, int depth = 0)
    {
        var copy = JsonText.ToNode(json)!;
        foreach (var field in new[] { "value", "subPathExpr" })
        {
            if (copy[field] is JsonValue text && text.GetValueKind() == JsonValueKind.String)
            {
                copy[field] = ShellVariables.RenameReferences(text.GetValue<string>(), name =>
                    depth < MaxDepth && _own.TryGetValue(name, out var variable) ? Referred(variable, depth) : null);
            }
        }

        return copy;
    }

    private string Referred(EnvVariable variable, int depth)
    {
        var name = ReferencePrefix + variable.Name;
        if (_envNames.Add(name))
        {
            var copy = Renamed(variable.Json, depth + 1).AsObject();
            copy["name"] = name;
            _env.Add(InOrder(copy));
        }

        return name;
    }
}
