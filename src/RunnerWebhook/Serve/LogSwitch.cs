using RunnerWebhook.Core.Settings;

namespace RunnerWebhook.Serve;

/// <summary>How much is logged. The configuration sets it, and lines that are logged from then on follow.</summary>
internal sealed class LogSwitch
{
    private volatile LogThreshold _level = LogThreshold.Information;

    /// <summary>Whether a line is logged. Those of the web server below a warning are only of use to whoever looks into a
    /// connection, and come with <see cref="LogThreshold.Debug"/>.</summary>
    /// <param name="category">The name of the class that logs it.</param>
    /// <param name="level">The line's own level.</param>
    public bool Shows(string? category, LogLevel level)
    {
        var threshold = (LogLevel)_level;
        return level >= (threshold > LogLevel.Debug && category?.StartsWith("Microsoft.", StringComparison.Ordinal) == true
            ? (LogLevel)Math.Max((int)threshold, (int)LogLevel.Warning)
            : threshold);
    }

    /// <summary>Sets the level, and says so once where it is another than before.</summary>
    public void Set(LogThreshold level, ILogger logger)
    {
        var before = _level;
        if (before == level)
        {
            return;
        }

        // Said while the more talkative of the two holds, and loudly enough for it.
        var talkative = before < level ? before : level;
        var importance = talkative < LogThreshold.Information ? LogLevel.Information : (LogLevel)talkative;
        _level = talkative;
        Log.LevelSet(logger, importance, level, before);
        _level = level;
    }
}
