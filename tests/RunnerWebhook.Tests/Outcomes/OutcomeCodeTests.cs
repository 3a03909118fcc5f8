using RunnerWebhook.Core.Outcomes;
using Xunit;

namespace RunnerWebhook.Tests.Outcomes;

/// <summary>The written machine codes.</summary>
public sealed class OutcomeCodeTests
{
    [Fact]
    public void Texts_OfAllCodes_AreWrittenAndDistinct() =>
        Assert.Equal(Enum.GetValues<OutcomeCode>().Length, Enum.GetValues<OutcomeCode>().Select(code => code.Text()).Distinct().Count());

    [Fact]
    public void IsDenied_OfAllCodes_IsWhatTheTextSays() => Assert.All(Enum.GetValues<OutcomeCode>(),
        code => Assert.Equal(code.Text().StartsWith("denied-", StringComparison.Ordinal), code.IsDenied()));
}
