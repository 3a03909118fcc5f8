using System.Collections.Frozen;
using RunnerWebhook.Core.Settings;

namespace RunnerWebhook.Core.Injection.Engines;

/// <summary>Every engine.</summary>
internal static class EngineTable
{
    private static readonly FrozenDictionary<EngineKind, IEngine> Engines = new Dictionary<EngineKind, IEngine>
    {
        [EngineKind.HostSocket] = new HostSocketEngine(),
        [EngineKind.Dind] = new DindEngine(),
        [EngineKind.Podman] = new PodmanEngine(),
        [EngineKind.Remote] = new RemoteEngine(),
        [EngineKind.None] = new NoEngine(),
    }.ToFrozenDictionary();

    /// <summary>The engine of a kind.</summary>
    public static IEngine Of(EngineKind kind) => Engines[kind];
}
