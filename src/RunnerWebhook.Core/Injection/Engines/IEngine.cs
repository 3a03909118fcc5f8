using System.Text.Json;
using RunnerWebhook.Core.Settings;

namespace RunnerWebhook.Core.Injection.Engines;

/// <summary>Who provides the Docker Engine that jobs run on: a class each, listed in <see cref="EngineTable"/>.</summary>
internal interface IEngine
{
    /// <summary>The register options that lead the runner to the engine. A setting of the same name wins.</summary>
    IEnumerable<(string Option, string Value)> Options(EngineSettings settings);

    /// <summary>The container that runs the engine; null if none does.</summary>
    Sidecar? Sidecar(RunnerPod pod) => null;

    /// <summary>What the container that runs the engine asks for; null if none does.</summary>
    JsonElement? Resources(EngineSettings settings) => null;

    /// <summary>The volumes and the runner container's mounts, with advice, or why the engine can't run in the pod.</summary>
    IEnumerable<Finding> Needs(RunnerPod pod);
}
