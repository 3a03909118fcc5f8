using RunnerWebhook.Core.Injection;
using Xunit;

namespace RunnerWebhook.Tests.Injection;

/// <summary>The record in the status annotation: short, and read back whole.</summary>
public sealed class InjectionStatusTests
{
    private const string Full = """
        {"version":"1","revision":"0123456789ab","profile":"p","pieces":{"/spec/containers/a/env/CONFIG_FILE":"1","/spec/containers/a/lifecycle":"2",
        "/spec/containers/a/volumeMounts/~1m":"3","/spec/containers/side":"4","/spec/initContainers/i":"5","/spec/volumes/v":"6",
        "/spec/terminationGracePeriodSeconds":"7"},"created":["/metadata/annotations","/spec/containers/a/env","/spec/volumes"],
        "nulls":["/spec/volumes"],"replaced":{"/spec/terminationGracePeriodSeconds":30}}
        """;

    private const string Short = """
        {"version":"1","revision":"0123456789ab","profile":"p","container":"a","pieces":{"./env/CONFIG_FILE":"1","./lifecycle":"2","./volumeMounts/~1m":"3",
        "containers/side":"4","initContainers/i":"5","terminationGracePeriodSeconds":"7","volumes/v":"6"},
        "created":["/metadata/annotations","./env","volumes"],"nulls":["volumes"],
        "replaced":{"terminationGracePeriodSeconds":30}}
        """;

    [Fact]
    public void ToJson_AnyRecord_ShortensAddressesAndReadsBackEqual()
    {
        var status = InjectionStatus.TryParse(Full)!;

        var text = status.ToJson();

        Assert.Equal(string.Concat(Short.Split('\n', StringSplitOptions.TrimEntries)), text);
        var again = InjectionStatus.TryParse(text)!;
        Assert.Equal(status.Pieces, again.Pieces);
        Assert.Equal(status.Created, again.Created);
        Assert.Equal(status.Nulls, again.Nulls);
        Assert.Equal(status.Replaced, again.Replaced);
        Assert.Equal(text, again.ToJson());
    }

    [Fact]
    public void TryParse_AddedField_CountsAsCreatedAndReplacedOneDoesNot()
    {
        var created = InjectionStatus.TryParse(Full)!.Created;

        Assert.Contains(PieceAddress.Hooks("a"), created);
        Assert.DoesNotContain(PieceAddress.GracePeriod, created);
    }

    [Theory]
    [InlineData("""{"container":"a","pieces":{"./lifecycle":"1","/spec/containers/a/lifecycle":"2"}}""")]
    [InlineData("""{"container":7,"pieces":{"./env/X":"1"}}""")]
    [InlineData("""{"pieces":{"./env/X":"1"}}""")]
    [InlineData("""{"pieces":{"":"1"}}""")]
    [InlineData("""{"pieces":{"~9":"1"}}""")]
    [InlineData("""{"container":"../..","pieces":{"./":"1"}}""")]
    [InlineData("""{"container":"~","pieces":{"./env/X":"1"},"created":["./x",7]}""")]
    public void TryParse_ForgedRecord_NeverThrows(string text) =>
        Assert.True(InjectionStatus.TryParse(text) is null or { Pieces.Count: > 0 });
}
