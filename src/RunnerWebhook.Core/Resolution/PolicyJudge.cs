using System.Collections.Immutable;
using RunnerWebhook.Core.Policy;
using RunnerWebhook.Core.Settings;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Core.Resolution;

/// <summary>Judges resolved settings by a rule.</summary>
internal static class PolicyJudge
{
    /// <summary>Every violation, as a sentence that names setting, value, what is allowed, and the rule.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="settings">The settings after all layers.</param>
    /// <param name="sources">The objects whose annotations are among the layers.</param>
    /// <param name="own">What the workload itself states.</param>
    /// <param name="mistaken">Annotations that can't be used: what each was to set can't be judged. Default none.</param>
    public static ImmutableArray<string> Violations(PolicyRule rule, RunnerProfile settings,
        ImmutableArray<AnnotationSource> sources, OwnFields own, ImmutableHashSet<string>? mistaken = null)
    {
        var allow = rule.Allow;
        var found = new List<string>();
        CheckAnnotations();
        Check("engine", [EngineName.Of(settings.Engine.Kind)], allow.Engines);
        Check("docker-image", Values("docker-image"), allow.DockerImages);
        Check("image", Stated(own.RunnerImage, settings.InitContainer.Image), allow.RunnerImages);
        Check("runtimeClassName", Stated(own.RuntimeClass, settings.RuntimeClassName).Take(1), allow.RuntimeClasses);
        Check("url", Values("url"), allow.Urls);
        Check("clone-url", Values("clone-url"), allow.Urls);
        Check("docker-volumes", Values("docker-volumes").Select(HostPath).OfType<string>(), allow.HostPaths);
        foreach (var option in allow.Privileged ? [] : PrivilegedOptions.Where(option => Values(option).Contains("true")))
        {
            found.Add($"{option} is true, which {rule.Place} doesn't allow");
        }

        foreach (var (option, required) in rule.Require.OrderBy(entry => entry.Key, StringComparer.Ordinal)
            .Where(entry => mistaken?.Contains(entry.Key) != true))
        {
            found.AddRange(required.Except(Values(option))
                .Select(value => $"{option} lacks '{value}', which {rule.Place} requires"));
        }

        return [.. found.Distinct()];

        static IEnumerable<string> Stated(params IEnumerable<string> values) => values.Where(value => value.Length > 0);

        IEnumerable<string> Values(string option) => settings.Register.GetValueOrDefault(option, []);

        void CheckAnnotations()
        {
            foreach (var source in sources)
            {
                var allowed = source.Layer == SettingLayer.Namespace
                    ? allow.NamespaceAnnotations ?? allow.Annotations
                    : allow.Annotations;
                found.AddRange(source.Settings.Select(setting => setting.Key)
                    .Where(name => SettingsResolver.IsKnown(name) && !AllowsAnnotation(allowed, name))
                    .Select(name => $"{source.Name(name)} is set, but {rule.Place} allows {Listed(allowed ?? ["all others"])}"));
            }
        }

        void Check(string setting, IEnumerable<string> values, ImmutableArray<string>? allowed)
        {
            if (allowed is { } globs && mistaken?.Contains(setting) != true)
            {
                found.AddRange(values.Where(value => !globs.Any(glob => Glob.Matches(glob, value)))
                    .Select(value => $"{setting} is '{value}', but {rule.Place} allows {Listed(globs)}"));
            }
        }
    }

    /// <summary>The options that let jobs run privileged.</summary>
    public static ImmutableArray<string> PrivilegedOptions { get; } = ["docker-privileged", "docker-services_privileged"];

    /// <summary>Whether a list of annotations allows one. Extra arguments could say everything that other lists forbid: they have
    /// to be allowed by name.</summary>
    /// <param name="allowed">The list, of globs; null for no restriction.</param>
    /// <param name="name">The annotation, without its prefix.</param>
    public static bool AllowsAnnotation(ImmutableArray<string>? allowed, string name) =>
        allowed?.Any(glob => Glob.Matches(glob, name)) ?? name != "extra-args";

    /// <summary>What a list allows, for messages.</summary>
    public static string Listed(ImmutableArray<string> globs) => globs.IsEmpty ? "nothing" : string.Join(", ", globs);

    /// <summary>The node's path that a volume of jobs names, without detours; null if it names none.</summary>
    private static string? HostPath(string volume) => volume.StartsWith('/') && volume.Contains(':', StringComparison.Ordinal)
        ? WithoutDetours(volume.Split(':')[0])
        : null;

    // A folder keeps its trailing slash, which globs can match.
    private static string WithoutDetours(string path) => VolumeMount.WithoutDetours(path) is var direct
        && path.EndsWith('/') && direct.Length > 1 ? direct + "/" : direct;
}
