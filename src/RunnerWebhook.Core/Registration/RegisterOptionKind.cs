namespace RunnerWebhook.Core.Registration;

/// <summary>The values that a register option takes, or each of them if it is a list.</summary>
public enum RegisterOptionKind
{
    /// <summary>Any text.</summary>
    Text,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    Boolean,

    /// <summary>A whole number.</summary>
    Number,

    /// <summary>A duration as Go writes it, such as <c>1h30m</c> or <c>1.5h</c>.</summary>
    Duration,

    /// <summary>An amount of memory as Docker writes it, such as <c>512m</c>.</summary>
    Memory,

    /// <summary>A number of CPUs, such as <c>1.5</c> or <c>3/2</c>.</summary>
    Cpus,

    /// <summary>CPUs or memory nodes by number, such as <c>0-2,4</c>.</summary>
    CpuSet,

    /// <summary>An http or https URL.</summary>
    Url,

    /// <summary>One of a few words.</summary>
    Word,

    /// <summary>An environment variable, as <c>NAME=VALUE</c>.</summary>
    Assignment,

    /// <summary>An IP address.</summary>
    IpAddress,

    /// <summary>A host name and its IP address, as <c>NAME:ADDRESS</c>.</summary>
    HostAddress,

    /// <summary>A MAC address.</summary>
    MacAddress,

    /// <summary>A JSON object of texts.</summary>
    TextMap,

    /// <summary>A JSON object of booleans.</summary>
    BooleanMap,

    /// <summary>A JSON object of lists of texts.</summary>
    ListMap,
}
