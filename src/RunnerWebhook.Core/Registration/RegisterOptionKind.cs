namespace RunnerWebhook.Core.Registration;

/// <summary>The values that a register option takes.</summary>
public enum RegisterOptionKind
{
    /// <summary>Any text.</summary>
    Text,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    Boolean,

    /// <summary>A whole number, 0 or more.</summary>
    Number,

    /// <summary>A duration as Go writes it, such as <c>1h30m</c>.</summary>
    Duration,

    /// <summary>An http or https URL.</summary>
    Url,

    /// <summary>A JSON object.</summary>
    JsonObject,

    /// <summary>One of a few words.</summary>
    Word,

    /// <summary>Several texts; the option is repeated for each.</summary>
    List,

    /// <summary>Several texts in one option, joined by commas.</summary>
    CommaList,
}
