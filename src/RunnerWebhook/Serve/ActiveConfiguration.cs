using RunnerWebhook.Core.Injection;
using RunnerWebhook.Core.Settings;
using RunnerWebhook.Core.Workloads;
using RunnerWebhook.Health;
using RunnerWebhook.Logging;

namespace RunnerWebhook.Serve;

/// <summary>
/// The configuration in force. Each request reads it once. A file with mistakes leaves the last good configuration in
/// force, and so does one that needs something that is not there yet: it waits, accepted, until that is.
/// </summary>
internal sealed class ActiveConfiguration(
    ServeOptions options, NamespaceDirectory namespaces, LogSwitch log, ILogger<ActiveConfiguration> logger) : IReadinessCheck
{
    private readonly Lock _change = new();
    private KubernetesVersion? _kubernetes = options.KubernetesVersion;
    private volatile Injector? _injector;
    private volatile Injector? _waiting;
    private volatile string? _problem;

    public string Name => "configuration";

    /// <summary>The engine with the configuration in force; null before the first good one.</summary>
    public Injector? Injector => _injector;

    /// <summary>The engine with the configuration that is accepted but not in force yet; null for none.</summary>
    public Injector? Waiting => _waiting;

    /// <summary>What <see cref="Waiting"/> needs; null for nothing.</summary>
    public string? WaitsFor => _waiting is null ? null
        : $"watchNamespaces needs the list of namespaces: {namespaces.Problem ?? "not listed yet"}";

    /// <summary>Why the file as it is now cannot be used, one mistake a line; null if it can.</summary>
    public string? Problem => _problem;

    /// <summary>Whether namespaces have to be watched, for the configuration in force or for the one that waits.</summary>
    public bool NeedsNamespaces => (_waiting ?? _injector)?.Configuration.WatchNamespaces is true;

    /// <summary>The release of the cluster, as far as it is known.</summary>
    public KubernetesVersion? Kubernetes => _kubernetes;

    /// <summary>Sets the release of the cluster.</summary>
    /// <returns>Whether it differs from the one before.</returns>
    public bool SetRelease(KubernetesVersion release)
    {
        lock (_change)
        {
            if (_kubernetes == release)
            {
                return false;
            }

            _kubernetes = release;
            _injector = _injector is { } injector ? With(injector.Configuration) : null;
            _waiting = _waiting is { } waiting ? With(waiting.Configuration) : null;
            return true;
        }
    }

    /// <summary>Accepts a configuration without mistakes: it is in force now, or as soon as what it needs is there.</summary>
    public void Accept(RunnerConfiguration configuration)
    {
        lock (_change)
        {
            _problem = null;
            var next = With(configuration);
            // A server that has served nothing yet has nothing better to go on with.
            if (configuration.WatchNamespaces && !namespaces.IsFilled
                && _injector is { Configuration.WatchNamespaces: false } current)
            {
                _waiting = next;
                Log.ConfigurationWaits(logger, current.Revision);
            }
            else
            {
                PutInForce(next);
            }
        }
    }

    /// <summary>Keeps the configuration in force and reports why the file cannot be used.</summary>
    public void Reject(string problem)
    {
        if (problem == Problem)
        {
            return;
        }

        _problem = problem;
        if (_injector is { } injector)
        {
            Log.ConfigurationRejected(logger, injector.Revision, problem);
        }
        else
        {
            Log.ConfigurationAwaited(logger, problem);
        }
    }

    /// <summary>Takes in the list of all namespaces; a configuration that waited for it is now in force.</summary>
    public void Fill(IEnumerable<KeyValuePair<string, NamespaceMetadata>> all)
    {
        lock (_change)
        {
            namespaces.Fill(all);
            if (_waiting is { } waiting)
            {
                PutInForce(waiting);
            }
        }
    }

    /// <summary>Forgets the namespaces, unless they are needed again.</summary>
    /// <returns>Whether they are forgotten.</returns>
    public bool ReleaseNamespaces()
    {
        lock (_change)
        {
            if (NeedsNamespaces)
            {
                return false;
            }

            namespaces.Clear();
            return true;
        }
    }

    public Readiness Judge() => _injector is not { } injector ? new(false, "none yet", Problem)
        : new(true, $"revision {injector.Revision}",
            Problem is { } problem ? $"the file has changed since and cannot be used: {problem}"
                : _waiting is not null ? $"a newer one is accepted, not in force yet: {WaitsFor}" : null);

    private void PutInForce(Injector next)
    {
        (_injector, _waiting) = (next, null);
        log.Set(next.Configuration.LogLevel, logger);
        Log.ConfigurationLoaded(logger, next.Revision);
    }

    private Injector With(RunnerConfiguration configuration) =>
        new(configuration, ProgramVersion.Text) { Kubernetes = _kubernetes };
}
