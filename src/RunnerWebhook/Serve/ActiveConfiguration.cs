using RunnerWebhook.Configuration;
using RunnerWebhook.Core;
using RunnerWebhook.Core.Settings;

namespace RunnerWebhook.Serve;

/// <summary>
/// The configuration in force. Requests read it once; a new one is swapped in whole, and a file with mistakes leaves
/// the last good one in force.
/// </summary>
internal sealed class ActiveConfiguration
{
    private readonly string? _file;
    private readonly ILogger _logger;
    private volatile Injector _injector = new(RunnerConfiguration.BuiltIn, ProgramVersion.Text);
    private volatile string? _problem;
    private string? _seen;

    public ActiveConfiguration(ServeOptions options, ILogger<ActiveConfiguration> logger)
    {
        (_file, _logger) = (options.ConfigFile, logger);
        if (Refresh() is { } problem)
        {
            throw new StartupException(problem);
        }
    }

    /// <summary>The engine with the configuration in force.</summary>
    public Injector Injector => _injector;

    /// <summary>Why the file as it is now can't be used, one mistake a line; null where it is in force.</summary>
    public string? Problem => _problem;

    /// <summary>Looks at the file's content and takes it into force where it is new.</summary>
    /// <returns>Why the content can't be used; null where it is in force.</returns>
    public string? Refresh()
    {
        if (_file is null)
        {
            return null;
        }

        try
        {
            var text = File.ReadAllText(_file);
            if (text != _seen)
            {
                Load(text);
                _seen = text;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Reject($"{_file}: {e.Message}");
            _seen = "";
        }

        return Problem;
    }

    private void Load(string text)
    {
        if (ConfigurationFile.Read(text, _file!, out var mistakes) is { } configuration)
        {
            _injector = new(configuration, ProgramVersion.Text);
            _problem = null;
            Log.ConfigurationLoaded(_logger, Injector.Revision);
        }
        else
        {
            Reject(string.Join('\n', mistakes));
        }
    }

    private void Reject(string problem)
    {
        if (problem != Problem && _seen is not null)
        {
            Log.ConfigurationRejected(_logger, Injector.Revision, problem);
        }

        _problem = problem;
    }
}
