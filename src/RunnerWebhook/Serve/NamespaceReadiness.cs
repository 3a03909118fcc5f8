using System.Globalization;

namespace RunnerWebhook.Serve;

/// <summary>Where rules or settings come from namespaces: all of them have been listed once.</summary>
internal sealed class NamespaceReadiness(ActiveConfiguration configuration, NamespaceDirectory namespaces) : IReadinessCheck
{
    public string Name => "namespaces";

    public Readiness? Judge() => configuration.Injector?.Configuration.WatchNamespaces is not true ? null
        : namespaces.IsFilled ? new(true, string.Create(CultureInfo.InvariantCulture, $"{namespaces.Count} known"))
        : new(false, "not listed yet");
}
