namespace RunnerWebhook.Cli;

/// <summary>What <c>inject</c> and <c>uninject</c> print.</summary>
internal enum OutputFormat
{
    /// <summary>Each file in its own format: YAML stays YAML, JSON stays JSON.</summary>
    Same,

    /// <summary>YAML, also for files that are JSON.</summary>
    Yaml,

    /// <summary>JSON: one object, or a List of them.</summary>
    Json,

    /// <summary>The JSON Patch of each object.</summary>
    Patch,

    /// <summary>A unified diff.</summary>
    Diff,
}
