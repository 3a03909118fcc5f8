using RunnerWebhook.Certificates;
using Xunit;

namespace RunnerWebhook.Tests.Certificates;

/// <summary>When a replica starts to serve the certificate that is offered.</summary>
public sealed class ServingChoiceTests
{
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(15);

    private readonly CertificateScenario _scenario = new();
    private readonly LoadedPair _old;
    private readonly LoadedPair _new;
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
    // in service, live trusts old, live trusts new, seconds since the live caBundle changed: served
    [InlineData(false, false, false, 0, true)]
    [InlineData(true, true, false, 60, false)]
    [InlineData(true, true, true, 0, false)]
    [InlineData(true, true, true, 14, false)]
    [InlineData(true, true, true, 15, true)]
    [InlineData(true, false, true, 0, true)]
    [InlineData(true, false, false, 0, true)]
    [InlineData(false, true, false, 0, true)]
    public void WhyWait_NewCertificate_NeverGivesUpTrust(bool isServing, bool trustsOld, bool trustsNew, int seconds, bool isServed)
    {
        var bundle = (trustsOld ? _trustsOld : TrustBundle.Empty).With(trustsNew ? _trustsNew : TrustBundle.Empty);

        var why = WhyWait(isServing ? _old : null, _new, CertificateScenario.Registered(bundle.Pem), seconds);

        Assert.Equal(isServed, why is null);
    }

    [Fact]
    public void WhyWait_LiveNotKnown_ServesTheNewOne() => Assert.Null(WhyWait(_old, _new, null, 0));

    [Fact]
    public void WhyWait_OneWebhookOfTwoTrustsIt_NamesTheOther() => Assert.Equal("the live caBundle of 1 does not trust it",
        WhyWait(_old, _new, CertificateScenario.Registered(_trustsOld.With(_trustsNew).Pem, _trustsOld.Pem), 60));

    [Fact]
    public void WhyWait_SameIssuer_NeedsNoPause()
    {
        using var authority = CertificateAuthority.Load(_scenario.Stored.Authority!.Pair);
        var renewed = Issue(authority, _scenario.Now, TimeSpan.FromDays(1));

        Assert.Null(WhyWait(_old, renewed, CertificateScenario.Registered(_trustsOld.Pem), 0));
    }

    [Fact]
    public void WhyWait_OldExpired_ServesTheNewOneAtOnce()
    {
        _scenario.Now = _old.NotAfter.AddSeconds(1);

        Assert.Null(WhyWait(_old, Issue(_scenario.Now), CertificateScenario.Registered(_trustsOld.Pem), 0));
    }

    [Theory]
    [InlineData(-10, "it expired on ")]
    [InlineData(10, "it is not valid before ")]
    public void WhyWait_NewOneNotValidNow_KeepsTheValidOne(int days, string why)
    {
        var offered = Issue(_scenario.Now.AddDays(days), TimeSpan.FromDays(5));

        Assert.StartsWith(why, WhyWait(_old, offered, null, 60), StringComparison.Ordinal);
    }

    private string? WhyWait(LoadedPair? inService, LoadedPair offered, WebhookRegistration? live, int seconds) =>
        ServingChoice.WhyWait(inService, offered, live, _scenario.Now.AddSeconds(-seconds), Settle, _scenario.Now);

    private static LoadedPair Issue(DateTimeOffset now, TimeSpan? lifetime = null)
    {
        using var authority = CertificateAuthority.Create(now, TimeSpan.FromDays(365));
        return Issue(authority, now, lifetime ?? TimeSpan.FromDays(1));
    }

    private static LoadedPair Issue(CertificateAuthority authority, DateTimeOffset now, TimeSpan lifetime)
    {
        var pair = authority.IssueServing(CertificateScenario.Names, now, lifetime);
        return LoadedPair.Read(pair.CertificatePem, pair.KeyPem, out _)!;
    }
}
