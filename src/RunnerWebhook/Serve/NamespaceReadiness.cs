using System.Globalization;
using RunnerWebhook.Health;

namespace RunnerWebhook.Serve;

/// <summary>If the configuration in force watches namespaces, all of them have been listed once. Metadata received since
/// stays in use when the API server cannot be reached.</summary>
internal sealed class NamespaceReadiness(ActiveConfiguration configuration, NamespaceDirectory namespaces) : IReadinessCheck
{
    public string Name => "namespaces";

    public Readiness? Judge() => configuration.Injector?.Configuration.WatchNamespaces is not true ? null
        : namespaces.Age is { } age ? new(true, string.Create(CultureInfo.InvariantCulture,
            $"{namespaces.Count} known, as of {age.TotalSeconds:0} s ago"), namespaces.Problem)
        : new(false, "not listed yet", namespaces.Problem);
}
