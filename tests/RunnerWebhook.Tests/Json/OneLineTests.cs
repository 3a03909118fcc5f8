using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Outcomes;
using Xunit;

namespace RunnerWebhook.Tests.Json;

public sealed class OneLineTests
{
    [Theory]
    [InlineData("as it is: ü 日本 🦊", "as it is: ü 日本 🦊")]
    [InlineData("a\nb\r\n\tc", "a\\nb\\r\\n\\tc")]
    [InlineData("\u001b[31mred\0", "\\u001b[31mred\\u0000")]
    [InlineData("\u2028\u202eturned\u2066", "\\u2028\\u202eturned\\u2066")]
    [InlineData("", "")]
    [InlineData("is 'glrt-t3_abc.1-d_E=', but must be a name", "is '***', but must be a name")]
    [InlineData("a GR1348941xyz, a glagent-abc and eyJhbGciOi.eyJpc3Mi.sig", "a ***, a *** and ***")]
    [InlineData("id-eyJhbGciOi.eyJpc3Mi.sig, a_b-eyJhbGciOi.eyJpc3Mi. and eyJ-eyJa.b", "***, *** and eyJ-eyJa.b")]
    [InlineData("tcp://user:hunter2@docker:2376, git://git@host/a:b@c", "tcp://user:***@docker:2376, git://git@host/a:b@c")]
    [InlineData("volume global-config of glance-api and glusterfs-data", "volume global-config of glance-api and glusterfs-data")]
    [InlineData("tokens such as glrt-… and glpat-", "tokens such as glrt-… and glpat-")]
    public void Text_Quoted_StaysInItsLineAndShowsNoToken(string text, string shown) => Assert.Equal(shown, OneLine.Of(text));

    [Fact]
    public void Outcome_Sentences_AreOneLineEach()
    {
        var outcome = new InjectionOutcome(OutcomeCode.DeniedMalformed, "a\nb") { Advice = ["c", "d\re"] };

        Assert.Equal("a\\nb", outcome.Sentence);
        Assert.Equal(["c", "d\\re"], outcome.Advice);
        Assert.Equal("f\\ng", (outcome with { Sentence = "f\ng" }).Sentence);
    }
}
