using RunnerWebhook.Core.Settings;

namespace RunnerWebhook.Core.Injection.Engines;

/// <summary>Nobody: the pod, or the runner's own settings, know where jobs run.</summary>
internal sealed class NoEngine : IEngine
{
    public IEnumerable<(string Option, string Value)> Options(EngineSettings settings) => [];

    public void AddTo(PodPlan plan)
    {
    }
}
