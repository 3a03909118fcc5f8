namespace RunnerWebhook.Core.Settings;

/// <summary>The least important lines that the server still logs. Names and numbers are those of .NET's log levels; its
/// <c>None</c> is left out, since a fault must always be logged.</summary>
public enum LogThreshold
{
    /// <summary>Everything, that of the web server included.</summary>
    Trace,

    /// <summary>What explains how a connection or a request went, that of the web server included.</summary>
    Debug,

    /// <summary>A line for each request, and for each change of what is in force. The default.</summary>
    Information,

    /// <summary>What should be looked at.</summary>
    Warning,

    /// <summary>What keeps something from working.</summary>
    Error,

    /// <summary>What keeps the server from working.</summary>
    Critical,
}
