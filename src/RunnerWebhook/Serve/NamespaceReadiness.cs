using System.Globalization;

namespace RunnerWebhook.Serve;

/// <summary>Where rules or settings come from namespaces: all of them have been listed once. What was heard then, and
/// since, stays in force where the API server can't be heard any more.</summary>
internal sealed class NamespaceReadiness(ActiveConfiguration configuration, NamespaceDirectory namespaces) : IReadinessCheck
{
    public string Name => "namespaces";

    public Readiness? Judge() => configuration.Injector?.Configuration.WatchNamespaces is not true ? null
        : namespaces.Age is { } age ? new(true, string.Create(CultureInfo.InvariantCulture,
            $"{namespaces.Count} known, as of {age.TotalSeconds:0} s ago"), namespaces.Problem)
        : new(false, "not listed yet", namespaces.Problem);
}
