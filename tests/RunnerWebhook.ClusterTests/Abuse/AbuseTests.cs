using RunnerWebhook.Tests;
using Xunit;

namespace RunnerWebhook.ClusterTests.Abuse;

/// <summary>Abuse of the protocol against the server as a process: every case has its answer, a well-behaved client is served
/// meanwhile, memory stays bounded.</summary>
[Collection(AbuseCollection.Name)]
public sealed class AbuseTests(AbuseFixture fixture) : IClassFixture<AbuseFixture>
{
    // That of its container, in MiB.
    private const double MaxMemory = 256;

    public static IEnumerable<TheoryDataRow<string>> Names => AbuseCase.All.Select(one => new TheoryDataRow<string>(one.What));

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Abuse_EachCase_HasItsAnswerWhileOthersAreServed(string what)
    {
        var abuse = AbuseCase.All.Single(one => one.What == what);

        var answer = await abuse.Run(fixture.Target);

        Assert.Equal(abuse.Answer, answer);
        var peak = await fixture.Settle(what);
        Assert.InRange(peak, 1, MaxMemory);
    }

    [Fact]
    public void Memory_OfTheCLibrary_DoesNotGrowWithThreads() =>
        // The runtime's own threads may have some before the program begins; the main one is not of this form.
        Assert.InRange(fixture.Server.Arenas(), 0, 3);

    [Fact]
    public void Document_OfRobustness_ListsEveryCaseWithItsAnswer() =>
        RobustnessDocument.Holds("abuse", AbuseCase.All.Select(one => $"| {one.What} | {one.Answer} |"));
}
