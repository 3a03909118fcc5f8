using RunnerWebhook.Core.Settings;

namespace RunnerWebhook.Logging;

/// <summary>The threshold of the log, which the configuration sets while the server runs.</summary>
internal sealed class LogSwitch
{
    // Its lines repeat a request's query, which a client chooses. While it is enabled, the web server also makes an activity and
    // a log scope for every request.
    private const string RequestDiagnostics = "Microsoft.AspNetCore.Hosting.Diagnostics";

    private volatile LogThreshold _level = LogThreshold.Information;

    /// <summary>Whether a line is logged. Lines of the web server below a warning only help to examine connections: they
    /// appear from <see cref="LogThreshold.Debug"/> on.</summary>
    /// <param name="category">The name of the class that logs it.</param>
    /// <param name="level">The line's own level.</param>
    public bool Shows(string? category, LogLevel level)
    {
        var threshold = (LogLevel)_level;
        var isWebServer = category?.StartsWith("Microsoft.", StringComparison.Ordinal) == true;
        return category != RequestDiagnostics && level >= (threshold > LogLevel.Debug && isWebServer
            ? (LogLevel)Math.Max((int)threshold, (int)LogLevel.Warning)
            : threshold);
    }

    /// <summary>Sets the level, and logs the change.</summary>
    public void Set(LogThreshold level, ILogger logger)
    {
        var before = _level;
        if (before == level)
        {
            return;
        }

        // Log the change under the lower of the two thresholds, so that it is always visible.
        var lower = before < level ? before : level;
        var importance = lower < LogThreshold.Information ? LogLevel.Information : (LogLevel)lower;
        _level = lower;
        Log.LevelSet(logger, importance, level, before);
        _level = level;
    }
}
