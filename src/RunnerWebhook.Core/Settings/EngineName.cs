namespace RunnerWebhook.Core.Settings;

/// <summary>The names of engines in the configuration, in annotations and in messages.</summary>
internal static class EngineName
{
    /// <summary>The engine's name, as in <c>hostSocket</c>.</summary>
    public static string Of(EngineKind kind) => kind == EngineKind.HostSocket ? "hostSocket" : "none";

    /// <summary>The engine of a name; null where there is none.</summary>
    public static EngineKind? TryParse(string name) => name switch
    {
        "hostSocket" => EngineKind.HostSocket,
        "none" => EngineKind.None,
        _ => null,
    };
}
