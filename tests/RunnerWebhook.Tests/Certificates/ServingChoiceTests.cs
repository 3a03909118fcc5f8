using RunnerWebhook.Certificates;
using Xunit;

namespace RunnerWebhook.Tests.Certificates;

/// <summary>When a replica takes the Secret's certificate into service.</summary>
public sealed class ServingChoiceTests
{
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(15);

    private readonly CertificateScenario _scenario = new();
    private readonly HeldPair _old;
    private readonly HeldPair _new;
    private readonly TrustBundle _trustsOld;
    private readonly TrustBundle _trustsNew;

    public ServingChoiceTests()
    {
        _scenario.Step();
        (_old, _trustsOld) = (_scenario.Stored.Serving!, _scenario.Stored.Trusted);
        var next = new CertificateScenario();
        next.Step();
        (_new, _trustsNew) = (next.Stored.Serving!, next.Stored.Trusted);
    }

    [Theory]
    // in service, live trusts old, live trusts new, seconds since: taken
    [InlineData(false, false, false, -1, true)]
    [InlineData(true, true, false, -1, false)]
    [InlineData(true, true, true, 0, false)]
    [InlineData(true, true, true, 14, false)]
    [InlineData(true, true, true, 15, true)]
    [InlineData(true, false, true, 0, true)]
    [InlineData(true, false, false, -1, true)]
    [InlineData(false, true, false, -1, true)]
    public void Takes_NewCertificate_NeverGivesUpTrust(bool isServing, bool trustsOld, bool trustsNew, int seconds, bool isTaken)
    {
        var bundle = (trustsOld ? _trustsOld : TrustBundle.Empty).With(trustsNew ? _trustsNew : TrustBundle.Empty);
        var live = CertificateScenario.Registered(bundle.Pem);
        DateTimeOffset? since = seconds < 0 ? null : _scenario.Now.AddSeconds(-seconds);

        Assert.Equal(isTaken, ServingChoice.Takes(isServing ? _old : null, _new, live, since, Settle, _scenario.Now));
    }

    [Fact]
    public void Takes_LiveNotKnown_FollowsTheSecret() =>
        Assert.True(ServingChoice.Takes(_old, _new, null, null, Settle, _scenario.Now));

    [Fact]
    public void Takes_OneWebhookOfTwoTrustsIt_Waits() =>
        Assert.False(ServingChoice.Takes(_old, _new, CertificateScenario.Registered(_trustsOld.With(_trustsNew).Pem, _trustsOld.Pem),
            _scenario.Now.AddDays(-1), Settle, _scenario.Now));

    [Fact]
    public void Takes_OldExpired_AtOnce() =>
        Assert.True(ServingChoice.Takes(_old, _new, CertificateScenario.Registered(_trustsOld.With(_trustsNew).Pem), null, Settle, _old.NotAfter.AddSeconds(1)));
}
