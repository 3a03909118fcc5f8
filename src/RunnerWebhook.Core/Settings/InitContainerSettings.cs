using System.Text.Json;

namespace RunnerWebhook.Core.Settings;

/// <summary>The init container that registers the runner.</summary>
public sealed record InitContainerSettings
{
    /// <summary>Its name. Default <c>init-runner</c>.</summary>
    public string Name { get; init; } = "init-runner";

    /// <summary>Its image. Default empty: the runner container's own, with its pull policy.</summary>
    public string Image { get; init; } = "";

    /// <summary>Whether registration runs under the guard script, so that it leaves exactly one runner however often
    /// the pod's sandbox is rebuilt. Default true; false runs the plain command.</summary>
    public bool Guard { get; init; } = true;

    /// <summary>Its place. Default last.</summary>
    public InitPosition Position { get; init; } = InitPosition.Last;

    /// <summary>Its <c>resources</c>, as Kubernetes takes them. Default: requests of 50m CPU and 64Mi memory, limits
    /// of 1 CPU and 256Mi. An empty object asks for none.</summary>
    public JsonElement Resources { get; init; } = JsonElement.Parse(
        """{"requests":{"cpu":"50m","memory":"64Mi"},"limits":{"cpu":"1","memory":"256Mi"}}""");
}
