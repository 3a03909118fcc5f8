using System.Text.Json;
using RunnerWebhook.Core.Settings;

namespace RunnerWebhook.Core.Injection.Engines;

/// <summary>Who provides the Docker Engine that jobs run on: a class each, listed in <see cref="EngineTable"/>.</summary>
internal interface IEngine
{
    /// <summary>The register options that lead the runner to the engine. A setting of the same name wins.</summary>
    IEnumerable<(string Option, string Value)> Options(EngineSettings settings);

    /// <summary>The container that runs the engine; null if none does.</summary>
    Sidecar? Sidecar(PodPlan plan) => null;

    /// <summary>What the container that runs the engine asks for; null if none does.</summary>
    JsonElement? Resources(EngineSettings settings) => null;

    /// <summary>Adds volumes and the runner container's mounts.</summary>
    void AddTo(PodPlan plan);
}
