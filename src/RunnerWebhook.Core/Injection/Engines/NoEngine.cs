using RunnerWebhook.Core.Settings;

namespace RunnerWebhook.Core.Injection.Engines;

/// <summary>No engine: the pod, or the runner's own settings, say where jobs run.</summary>
internal sealed class NoEngine : IEngine
{
    public IEnumerable<(string Option, string Value)> Options(EngineSettings settings) => [];

    public IEnumerable<Finding> Needs(RunnerPod pod) => [];
}
