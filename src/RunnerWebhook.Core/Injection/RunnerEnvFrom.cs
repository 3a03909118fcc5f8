using System.Text.Json.Nodes;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Core.Injection;

/// <summary>
/// What a runner container takes from whole ConfigMaps and Secrets (<c>envFrom</c>), whose content can't be seen at admission.
/// Handing all of it to a registration would let every option of <c>register</c> in: it gets the variables of
/// <see cref="RunnerAccess"/> alone, each by its key, if there is one.
/// </summary>
internal static class RunnerEnvFrom
{
    /// <summary>The variable that is not taken from there: of a ConfigMap with a proxy in it, the rest is the runner's own
    /// affair.</summary>
    public const string NotFromElsewhere = "GODEBUG";

    /// <summary>The variables by name, each with its source. Where several sources could hold one, it is the last, which wins in
    /// the runner.</summary>
    public static IEnumerable<(string Name, JsonObject Source)> Variables(Container runner, AccessUse use)
    {
        var sources = Sources(runner).ToArray();
        foreach (var name in RunnerAccess.Variables.Where(variable => variable.Use.HasFlag(use))
            .Select(variable => variable.Name))
        {
            if (Holder(sources, name) is { } source)
            {
                yield return (name, new()
                {
                    ["valueFrom"] = new JsonObject
                    {
                        [source.Reference] = new JsonObject
                        {
                            ["name"] = source.Name,
                            ["key"] = name[source.Prefix.Length..],
                            ["optional"] = true,
                        },
                    },
                });
            }
        }
    }

    /// <summary>What the user has to know of it; null if there is no such source.</summary>
    public static string? Advice(Container runner)
    {
        var sources = Sources(runner).ToArray();
        if (sources.Length == 0)
        {
            return null;
        }

        var names = sources.Select(source => $"{source.Kind} {source.Name}").Distinct().ToArray();
        var used = RunnerAccess.Variables.Select(variable => Holder(sources, variable.Name)).OfType<EnvSource>()
            .Select(source => $"{source.Kind} {source.Name}").Distinct().ToArray();
        var others = names.Length > 2 ? $" and {names.Length - 2} more" : "";
        return $"container {runner.Name} takes variables from {string.Join(", ", names.Take(2))}{others} (envFrom), unseen "
            + "here: the registration gets "
            + (used.Length == 0 ? "none of them" : "its proxy and CA variables only")
            + (used.Length > 0 && names.Length > 1 ? $", of {string.Join(" and ", used.Take(2))}" : "")
            + "; put others under env";
    }

    private static EnvSource? Holder(EnvSource[] sources, string name) => name == NotFromElsewhere ? null
        : sources.LastOrDefault(source => name.Length > source.Prefix.Length
            && name.StartsWith(source.Prefix, StringComparison.Ordinal));

    private static IEnumerable<EnvSource> Sources(Container runner)
    {
        foreach (var source in runner.Json.List("envFrom"))
        {
            foreach (var (kind, field, reference) in new[]
                { ("ConfigMap", "configMapRef", "configMapKeyRef"), ("Secret", "secretRef", "secretKeyRef") })
            {
                if (source.Text(field, "name") is { Length: > 0 } name)
                {
                    yield return new(kind, reference, name, source.Text("prefix"));
                }
            }
        }
    }

    private sealed record EnvSource(string Kind, string Reference, string Name, string Prefix);
}
