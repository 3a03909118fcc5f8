using RunnerWebhook.Core.Json;

namespace RunnerWebhook.Core.Explaining;

/// <summary>One condition that an object must meet to be injected.</summary>
/// <param name="Name">What is asked, in few words.</param>
/// <param name="Passed">Whether it is met; null if an earlier gate ended the matter.</param>
/// <param name="Detail">What was found, or why it isn't met and what to do; empty if there is nothing to say.</param>
public sealed record Gate(string Name, bool? Passed, string Detail)
{
    /// <summary>What was found, or why it isn't met and what to do, in one line.</summary>
    public string Detail { get; init => field = OneLine.Of(value); } = OneLine.Of(Detail);
}
