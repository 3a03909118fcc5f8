namespace RunnerWebhook.LoadBench;

/// <summary>What <c>./dev bench</c> measures.</summary>
/// <param name="Webhook">The published webhook.</param>
/// <param name="JitWebhook">The same, built without Native AOT.</param>
/// <param name="GoFloor">The floor in Go; null without a compiler.</param>
/// <param name="Configuration">The webhook's configuration.</param>
/// <param name="Reviews">The folder of recorded reviews.</param>
/// <param name="Time">How long each measurement takes.</param>
/// <param name="Rounds">How often each is repeated; the median counts.</param>
internal sealed record BenchOptions(string Webhook, string JitWebhook, string? GoFloor, string Configuration, string Reviews,
    TimeSpan Time, int Rounds);
