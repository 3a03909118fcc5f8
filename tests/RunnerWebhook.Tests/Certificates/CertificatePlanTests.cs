using RunnerWebhook.Certificates;
using Xunit;

namespace RunnerWebhook.Tests.Certificates;

/// <summary>What a replica decides about the certificates, given Secret, live caBundle and time.</summary>
public sealed class CertificatePlanTests
{
    private readonly CertificateScenario _scenario = new();

    [Fact]
    public void Decide_EmptySecret_MakesACompleteSetThatIsVouchedFor()
    {
        var plan = _scenario.Decide();
        _scenario.Step();

        Assert.Equal((CertificateAction.NewAuthority, "the Secret has no CA that can be used (ca.crt, ca.key: missing; tls.crt, tls.key: missing)"), (plan.Action, plan.Reason));
        Assert.Equal(["ca.crt", "ca.key", "tls.crt", "tls.key"], _scenario.Secret.Keys.Order());
        Assert.Equal("", _scenario.Stored.Problem);
        Assert.Empty(_scenario.Registration!.Refusing(_scenario.Stored.Serving!.Certificate, [], _scenario.Now));
        Assert.Equal(CertificateAction.Keep, _scenario.Step());
    }

    [Theory]
    [InlineData(0, "Keep")]
    [InlineData(59, "Keep")]
    [InlineData(61, "NewServing")]
    [InlineData(91, "NewServing")]
    [InlineData(243, "NewServing")]
    [InlineData(244, "NewAuthority")]
    [InlineData(366, "NewAuthority")]
    [InlineData(5000, "NewAuthority")]
    public void Decide_AfterDays_IsDueWithAThirdOfTheLifeLeft(int days, string action)
    {
        _scenario.Step();
        _scenario.Now += TimeSpan.FromDays(days);

        Assert.Equal(action, _scenario.Decide().Action.ToString());
    }

    [Fact]
    public void Decide_NewServing_KeepsTheAuthority()
    {
        _scenario.Step();
        var before = _scenario.Secret;
        _scenario.Now += TimeSpan.FromDays(61);

        Assert.Equal(CertificateAction.NewServing, _scenario.Step());

        Assert.Equal((before["ca.crt"], before["ca.key"]), (_scenario.Secret["ca.crt"], _scenario.Secret["ca.key"]));
        Assert.NotEqual(before["tls.crt"], _scenario.Secret["tls.crt"]);
        Assert.Equal(CertificateAction.Keep, _scenario.Step());
    }

    [Fact]
    public void Decide_Rotation_TrustsOldAndNewUntilTheOverlapIsOver()
    {
        _scenario.Step();
        var old = _scenario.Stored;
        _scenario.Now += TimeSpan.FromDays(244);
        _scenario.Step();

        var rotated = _scenario.Stored;
        Assert.Equal(2, rotated.Trusted.Certificates.Count);
        Assert.True(rotated.Trusted.Contains(old.Authority!.Certificate) && rotated.Trusted.Contains(rotated.Authority!.Certificate));
        Assert.Equal(rotated.Authority!.Certificate.SubjectName.Name, rotated.Serving!.Certificate.IssuerName.Name);

        _scenario.Now += CertificateScenario.Terms.Overlap - TimeSpan.FromMinutes(1);
        Assert.Equal(CertificateAction.Keep, _scenario.Step());
        _scenario.Now += TimeSpan.FromMinutes(2);
        Assert.Equal(CertificateAction.DropOldAuthorities, _scenario.Step());
        Assert.Equal([rotated.Authority.Certificate], _scenario.Stored.Trusted.Certificates);
        Assert.Equal(rotated.Serving.Pair, _scenario.Stored.Serving!.Pair);
        Assert.Equal(CertificateAction.Keep, _scenario.Step());
    }

    [Fact]
    public void Decide_OldAuthority_StaysWhileTheNewIsNotTrustedLive()
    {
        _scenario.Step();
        var old = _scenario.Stored.Trusted;
        _scenario.Now += TimeSpan.FromDays(244);
        _scenario.Step();
        _scenario.Now += TimeSpan.FromDays(2);

        _scenario.Live = old;

        Assert.Equal(CertificateAction.Keep, _scenario.Decide().Action);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Decide_RotationDueButTrustNotSeenToFollow_Waits(bool isSeen)
    {
        _scenario.Step();
        _scenario.Now += TimeSpan.FromDays(59);
        _scenario.Step();
        _scenario.Live = isSeen ? TrustBundle.Empty : null;
        var actions = new List<CertificateAction>();
        for (; _scenario.Now < _scenario.Stored.Authority!.NotAfter - TimeSpan.FromDays(1); _scenario.Now += TimeSpan.FromDays(5))
        {
            var (live, plan) = (_scenario.Live, _scenario.Step());
            (_scenario.Live, actions) = (live, [.. actions, plan]);
        }

        // The old CA is kept, and serving certificates up to its end; a handful, not one a look.
        Assert.DoesNotContain(CertificateAction.NewAuthority, actions);
        Assert.InRange(actions.Count(action => action == CertificateAction.NewServing), 3, 8);
        Assert.True(_scenario.Stored.Serving!.NotAfter > _scenario.Now);
    }

    [Theory]
    [InlineData("ca.crt", "", "NewAuthority")]
    [InlineData("ca.crt", "garbled", "NewAuthority")]
    [InlineData("ca.key", "", "NewAuthority")]
    [InlineData("ca.key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "NewAuthority")]
    [InlineData("tls.crt", "", "NewServing")]
    [InlineData("tls.crt", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "NewServing")]
    [InlineData("tls.key", "garbled", "NewServing")]
    public void Decide_GarbledSecret_IsRepairedWithoutLosingWhatIsTrusted(string key, string content, string action)
    {
        _scenario.Step();
        var before = _scenario.Stored;
        _scenario.Secret[key] = content;

        Assert.Equal(action, _scenario.Step().ToString());

        Assert.Equal("", _scenario.Stored.Problem);
        Assert.True(_scenario.Stored.Trusted.Contains(before.Authority!.Certificate));
        Assert.Equal(CertificateAction.Keep, _scenario.Step());
    }

    [Fact]
    public void Decide_KeysOfAnother_AreNoPair()
    {
        _scenario.Step();
        var other = new CertificateScenario();
        other.Step();
        _scenario.Secret["ca.key"] = other.Secret["ca.key"];

        Assert.Equal(CertificateAction.NewAuthority, _scenario.Decide().Action);
    }

    [Fact]
    public void Decide_ServingCertificateForAnAuthority_IsNone()
    {
        _scenario.Step();
        _scenario.Secret["ca.crt"] = _scenario.Secret["tls.crt"];
        _scenario.Secret["ca.key"] = _scenario.Secret["tls.key"];

        Assert.Contains("the certificate is not a CA's", _scenario.Decide().Reason);
    }

    [Theory]
    [InlineData("RSA", "NewServing")]
    [InlineData("EC", "NewServing")]
    [InlineData("DSA", "NewAuthority")]
    public void Decide_UsersOwnAuthority_IssuesTheServingCertificateIfItCan(string kind, string action)
    {
        var own = OwnAuthority.Create(kind, isAuthority: true, _scenario.Now.AddDays(-10), _scenario.Now.AddDays(300));
        _scenario.Secret = new() { ["ca.crt"] = own.CertificatePem, ["ca.key"] = own.KeyPem };

        Assert.Equal(action, _scenario.Step().ToString());

        Assert.True(_scenario.Stored.Trusted.Vouches(_scenario.Stored.Serving!.Certificate, [], _scenario.Now));
        Assert.Equal(CertificateAction.Keep, _scenario.Step());
    }

    [Fact]
    public void Decide_CertificateOfAnotherAuthority_IsReplaced()
    {
        _scenario.Step();
        var other = new CertificateScenario();
        other.Step();
        (_scenario.Secret["tls.crt"], _scenario.Secret["tls.key"]) = (other.Secret["tls.crt"], other.Secret["tls.key"]);

        var plan = _scenario.Decide();

        Assert.Equal((CertificateAction.NewServing, "the serving certificate is not of the newest CA"), (plan.Action, plan.Reason));
    }

    [Fact]
    public void Decide_ServiceRenamed_IssuesForTheNewName()
    {
        _scenario.Step();

        var plan = CertificatePlan.Decide(_scenario.Stored, _scenario.Registration, ["other.ci.svc"], CertificateScenario.Terms, _scenario.Now);

        Assert.Equal((CertificateAction.NewServing, "the serving certificate is not made out to other.ci.svc"), (plan.Action, plan.Reason));
    }

    [Fact]
    public void Decide_LostAgainAndAgain_TrustsNoMoreThanThreeOld()
    {
        for (var i = 0; i < 10; i++)
        {
            _scenario.Secret = [];
            _scenario.Step();
            Assert.InRange(_scenario.Stored.Trusted.Certificates.Count, 1, 4);
        }

        Assert.Equal(_scenario.Stored.Authority!.Certificate, _scenario.Stored.Trusted.Certificates[0]);
    }

    [Theory]
    [InlineData(-5)]
    [InlineData(5)]
    [InlineData(-55)]
    public void Decide_ClockOfAnotherReplica_KeepsWhatWasJustMade(int minutes)
    {
        _scenario.Step();

        _scenario.Now += TimeSpan.FromMinutes(minutes);

        Assert.Equal(CertificateAction.Keep, _scenario.Decide().Action);
        Assert.Empty(_scenario.Registration!.Refusing(_scenario.Stored.Serving!.Certificate, [], _scenario.Now));
    }

    [Fact]
    public void CarryOut_ClockBehindTheAuthoritys_IssuesNothingOlderThanTheAuthority()
    {
        _scenario.Step();
        _scenario.Secret["tls.crt"] = "";
        _scenario.Now -= TimeSpan.FromMinutes(30);

        Assert.Equal(CertificateAction.NewServing, _scenario.Step());

        Assert.Equal(_scenario.Stored.Authority!.Certificate.NotBefore, _scenario.Stored.Serving!.Certificate.NotBefore);
        Assert.Equal(CertificateAction.Keep, _scenario.Step());
    }

    [Fact]
    public void Decide_TenYears_NeverServesWhatIsNotTrustedOrExpired()
    {
        _scenario.Step();
        var end = _scenario.Now + TimeSpan.FromDays(3650);
        var actions = new List<CertificateAction>();
        while (_scenario.Now < end)
        {
            var before = _scenario.Stored.Serving!;
            actions.Add(_scenario.Step());
            // Who has not taken over the new one yet serves on with the one before.
            Assert.Empty(_scenario.Registration!.Refusing(before.Certificate, [], _scenario.Now));
            Assert.Empty(_scenario.Registration!.Refusing(_scenario.Stored.Serving!.Certificate, [], _scenario.Now));
            _scenario.Now += TimeSpan.FromDays(10);
        }

        // Every 243 days a CA, and every 60 days a certificate of it.
        Assert.Equal((14, 14), (actions.Count(action => action == CertificateAction.NewAuthority), actions.Count(action => action == CertificateAction.DropOldAuthorities)));
        Assert.InRange(actions.Count(action => action == CertificateAction.NewServing), 45, 65);
    }
}
