using System.Collections.Immutable;

namespace RunnerWebhook.Core.Settings;

/// <summary>The names of engines in the configuration, in annotations and in messages.</summary>
internal static class EngineName
{
    /// <summary>Every engine with its name, as in <c>hostSocket</c>.</summary>
    public static ImmutableArray<(string Name, EngineKind Kind)> All { get; } =
        [.. Enum.GetValues<EngineKind>().Select(kind => (Of(kind), kind))];

    /// <summary>The names, for messages.</summary>
    public static string Allowed { get; } = string.Join(" or ", All.Select(engine => engine.Name));

    /// <summary>The engine's name: that of the kind with a small first letter.</summary>
    public static string Of(EngineKind kind)
    {
        var name = kind.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }

    /// <summary>The engine of a name; null if there is none.</summary>
    public static EngineKind? TryParse(string name)
    {
        foreach (var (known, kind) in All)
        {
            if (known == name)
            {
                return kind;
            }
        }

        return null;
    }
}
