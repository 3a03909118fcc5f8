namespace RunnerWebhook.Core.Registration;

/// <summary>How many values a register option takes, and how they are written.</summary>
public enum RegisterOptionShape
{
    /// <summary>One value.</summary>
    One,

    /// <summary>Several values; the option is repeated for each.</summary>
    Repeated,

    /// <summary>Several values in one option, joined by commas.</summary>
    Joined,

    /// <summary>Several values: joined by commas from <see cref="RegisterOption.JoinedSince"/> on, repeated before.</summary>
    JoinedLater,
}
