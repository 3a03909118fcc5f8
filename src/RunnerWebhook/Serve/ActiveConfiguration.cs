using RunnerWebhook.Configuration;
using RunnerWebhook.Core.Injection;
using RunnerWebhook.Core.Settings;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Serve;

/// <summary>
/// The configuration in force. Requests read it once; a new one is swapped in whole, and a file with mistakes leaves
/// the last good one in force.
/// </summary>
internal sealed class ActiveConfiguration : IReadinessCheck
{
    private readonly string? _file;
    private readonly ILogger _logger;
    private readonly LogSwitch _log;
    private readonly Lock _change = new();
    private KubernetesVersion? _kubernetes;
    private volatile Injector? _injector;
    private volatile string? _problem;
    private byte[]? _seen;

    public ActiveConfiguration(ServeOptions options, LogSwitch log, ILogger<ActiveConfiguration> logger)
    {
        (_file, _kubernetes, _log, _logger) = (options.ConfigFile, options.KubernetesVersion, log, logger);
        if (_file is null)
        {
            _injector = With(RunnerConfiguration.BuiltIn);
        }

        Refresh();
    }

    public string Name => "configuration";

    /// <summary>The engine with the configuration in force; null while there has never been a good one.</summary>
    public Injector? Injector => _injector;

    /// <summary>Why the file as it is now can't be used, one mistake a line; null where it is in force.</summary>
    public string? Problem => _problem;

    /// <summary>Goes on with the same configuration in a cluster of another release.</summary>
    /// <returns>Whether it was another.</returns>
    public bool Learn(KubernetesVersion release)
    {
        lock (_change)
        {
            if (_kubernetes == release)
            {
                return false;
            }

            _kubernetes = release;
            _injector = _injector is { } injector ? With(injector.Configuration) : null;
            return true;
        }
    }

    /// <summary>Looks at the file's content and takes it into force where it is new.</summary>
    public void Refresh()
    {
        if (_file is null)
        {
            return;
        }

        try
        {
            var content = ConfigurationFile.ReadBytes(_file);
            if (_seen is null || !content.AsSpan().SequenceEqual(_seen))
            {
                Load(content);
                _seen = content;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Reject($"{_file}: {e.Message}");
            _seen = null;
        }
    }

    public Readiness Judge() => _injector is { } injector
        ? new(true, $"revision {injector.Revision}",
            Problem is null ? null : $"the file was changed since and can't be used: {Problem}")
        : new(false, "none yet", Problem);

    private void Load(byte[] content)
    {
        if (ConfigurationFile.Read(content, _file!, out var mistakes) is { } configuration)
        {
            lock (_change)
            {
                _injector = With(configuration);
            }

            _problem = null;
            _log.Set(configuration.LogLevel, _logger);
            Log.ConfigurationLoaded(_logger, _injector.Revision);
        }
        else
        {
            Reject(string.Join('\n', mistakes));
        }
    }

    private Injector With(RunnerConfiguration configuration) =>
        new(configuration, ProgramVersion.Text) { Kubernetes = _kubernetes };

    private void Reject(string problem)
    {
        if (problem == Problem)
        {
            return;
        }

        _problem = problem;
        if (_injector is { } injector)
        {
            Log.ConfigurationRejected(_logger, injector.Revision, problem);
        }
        else
        {
            Log.ConfigurationAwaited(_logger, problem);
        }
    }
}
