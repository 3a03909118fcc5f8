using System.Text;
using System.Text.Json.Nodes;
using RunnerWebhook.Core.Admission;
using RunnerWebhook.Core.Injection;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Outcomes;
using RunnerWebhook.Core.Settings;
using RunnerWebhook.Tests.Serve;
using Xunit;

namespace RunnerWebhook.Tests.Injection;

/// <summary>Status annotations that this program never wrote: anyone who may write the object may write them.</summary>
public sealed class ForgedRecordTests
{
    // Found in no answer.
    private const string Echo = "3CH0";

    private const string Stamp = "\"version\":\"1\",\"revision\":\"0123456789ab\",\"profile\":\"default\"";

    private static readonly JsonObject Theirs = JsonNode.Parse("""
        {"volumes":[{"name":"mine","emptyDir":{}},{"name":"ca","secret":{"secretName":"ca"}},
          {"name":"token","projected":{"sources":[]}},{"name":"logs","hostPath":{"path":"/var/log"}},
          {"name":"runner-certificates","configMap":{"name":"ca","optional":true}},
          {"name":"runner-template","secret":{"secretName":"template","optional":true}}],
         "initContainers":[{"name":"consul","image":"consul","command":["sh","-c","consul services register /x.json"],
          "volumeMounts":[{"name":"mine","mountPath":"/mine"}]}],
         "containers":[{"name":"gitlab-runner","image":"gitlab/gitlab-runner:v17.5.0","env":[{"name":"MINE","value":"x"}],
           "lifecycle":{"preStop":{"exec":{"command":["/bin/sh","-c","sleep 5"]}}},
           "volumeMounts":[{"name":"mine","mountPath":"/mine"},{"name":"ca","mountPath":"/ca","readOnly":true},
            {"name":"logs","mountPath":"/logs","readOnly":true}]},
          {"name":"dind","image":"docker:dind","args":["dockerd","--host=unix:///mine/docker.sock"],
           "volumeMounts":[{"name":"mine","mountPath":"/mine"}]}],
         "terminationGracePeriodSeconds":600,"hostUsers":false,"runtimeClassName":"kata"}
        """)!.AsObject();

    public static readonly Dictionary<string, string> Forgeries = new()
    {
        ["empty"] = "",
        ["no JSON"] = "{" + Echo,
        ["a list"] = "[1]",
        ["null"] = "null",
        ["a number"] = "7",
        ["nested deeply"] = new string('[', 100_000),
        ["pieces nested deeply"] = Json($"""<{Stamp},"pieces":<"volumes/mine":{new string('[', 90)}{new string(']', 90)}>>"""),
        ["a key twice"] = Json($"""<{Stamp},"pieces":<"volumes/mine":"x">,"pieces":<"volumes/ca":"y">>"""),
        ["unpaired surrogate"] = Json($"""<{Stamp},"pieces":<"volumes/\ud800":"x">>"""),
        ["1 MB"] = Record(Claim("/spec/volumes/mine")) + new string(' ', 1_048_576),
        ["very many pieces"] = Record([.. Enumerable.Range(0, 100_000).Select(i => $"\"volumes/{i}\":\"x\"")]),
        ["pieces as a list"] = Json($"""<{Stamp},"pieces":["volumes/mine"]>"""),
        ["digests as numbers"] = Json($"""<{Stamp},"pieces":<"volumes/mine":7>>"""),
        ["digest null"] = Json($"""<{Stamp},"pieces":<"volumes/mine":null>>"""),
        ["no pieces"] = Json($"""<{Stamp},"pieces":<>>"""),
        ["only a stamp"] = Json($"""<{Stamp}>"""),
        ["another version's format"] = Json($"""<"apiVersion":"v2","stamp":<"revision":"{Echo}">,"pieces":[<"path":"/spec/volumes/0">]>"""),
        ["a foreign program's"] = Json($"""<"injected":"{Echo}","initContainers":["consul"],"volumes":["mine"]>"""),
        ["an init container of theirs"] = Record(Claim("/spec/initContainers/consul")),
        ["a sidecar of theirs"] = Record(Claim("/spec/containers/dind")),
        ["the runner container"] = Record(Claim("/spec/containers/gitlab-runner")),
        ["a Secret of theirs"] = Record(Claim("/spec/volumes/ca")),
        ["an optional ConfigMap of theirs with a name of ours"] = Record(Claim("/spec/volumes/runner-certificates")),
        ["an optional Secret of theirs with a name of ours"] = Record(Claim("/spec/volumes/runner-template")),
        ["a projected volume"] = Record(Claim("/spec/volumes/token")),
        ["every volume"] = Record([.. new[] { "mine", "ca", "token", "logs" }.SelectMany(name => Claim("/spec/volumes/" + name))]),
        ["a mount of theirs"] = Record(Claim("/spec/containers/gitlab-runner/volumeMounts/~1ca")),
        ["a mount of a host path"] = Record(Claim("/spec/containers/gitlab-runner/volumeMounts/~1logs")),
        ["a writable mount"] = Record(Claim("/spec/containers/gitlab-runner/volumeMounts/~1mine")),
        ["a mount of a sidecar"] = Record(Claim("/spec/containers/dind/volumeMounts/~1mine")),
        ["a variable of theirs"] = Record(Claim("/spec/containers/gitlab-runner/env/MINE")),
        ["a hook of theirs"] = Record(Claim("/spec/containers/gitlab-runner/lifecycle")),
        ["a preStop hook of theirs"] = Record(Claim("/spec/containers/gitlab-runner/lifecycle/preStop")),
        ["pieces of two containers"] = Record(
            [.. Claim("/spec/containers/gitlab-runner/volumeMounts/~1ca"), .. Claim("/spec/containers/dind/volumeMounts/~1mine")]),
        ["a grace period of theirs"] = Record(Claim("/spec/terminationGracePeriodSeconds")),
        ["a user namespace of theirs"] = Record(Claim("/spec/hostUsers")),
        ["a runtime class of theirs"] = Record(Claim("/spec/runtimeClassName")),
        ["an image"] = Record(Claim("/spec/containers/gitlab-runner/image")),
        ["all of the spec"] = Record(Claim("/spec")),
        ["labels"] = Record(["\"/metadata/labels\":\"x\""]),
        ["places by index"] = Record(["\"volumes/0\":\"x\"", "\"containers/-\":\"y\""]),
        ["pointers that are none"] = Record(["\"~9\":\"x\"", "\"\":\"y\"", "\"./\":\"z\""]),
        ["a container that is not there"] = Json($"""<{Stamp},"container":"{Echo}","pieces":<"./env/CONFIG_FILE":"x">>"""),
        ["a container above"] = Json($"""<{Stamp},"container":"../..","pieces":<"./volumes/mine":"x">>"""),
        ["one place by two names"] = Record(["\"volumes/ca\":\"x\"", "\"/spec/volumes/ca\":\"y\""]),
        ["changed pieces only"] = Record(["\"volumes/mine\":\"x\"", "\"initContainers/consul\":\"y\"", "\"containers/dind\":\"z\""]),
        ["lists to empty"] = Json($"""<{Stamp},"pieces":<"volumes/none":"x">,"created":["/metadata","/metadata/labels","containers","volumes"]>"""),
        ["lists to null"] = Json($"""<{Stamp},"pieces":<"volumes/none":"x">,"created":["/spec"],"nulls":["/spec","containers","volumes"]>"""),
        ["a value to put back"] = Json($"""<{Stamp},"pieces":<"volumes/none":"x">,"replaced":<"terminationGracePeriodSeconds":-1,"volumes":[]>>"""),
        ["a stamp to show"] = Json($"""<"version":"{Echo}","revision":"{Echo}","profile":"{Echo}","pieces":<"volumes/none":"x">>"""),
        ["a stamp with lines"] = Json($"""<"version":"1","revision":"a\nlevel=info {Echo}","profile":"\u001b[31m{Echo}","pieces":<"volumes/none":"x">>"""),
        ["a name to show"] = Record([$"\"volumes/{Echo}\":\"x\"", $"\"containers/gitlab-runner/volumeMounts/~1{Echo}\":\"x\""]),
    };

    public static TheoryData<string> Names => [.. Forgeries.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Remove_ForgedRecord_TakesNothingOfTheUsers(string forgery)
    {
        var scenario = new InjectorScenario();
        var forged = Forged(forgery);

        var after = scenario.Remove(forged);

        Assert.Equal(Spec(forged).ToJsonString(), Spec(after).ToJsonString());
        AssertNotEchoed(scenario.Last);
        Assert.Equal(scenario.Last.Code == OutcomeCode.LeftAloneNotLabelled,
            scenario.Last.Advice.Any(advice => advice.Contains("is damaged, or no record", StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Create_ForgedRecord_IsInjectedAsWithoutIt(string forgery)
    {
        var scenario = new InjectorScenario();
        var forged = Forged(forgery);
        var honest = scenario.Create(WithoutRecord(forged));
        Assert.Equal(OutcomeCode.Injected, scenario.Last.Code);

        var after = scenario.Create(forged);

        Assert.Contains(scenario.Last.Code, new[] { OutcomeCode.Injected, OutcomeCode.Completed });
        Assert.Equal(Spec(honest).ToJsonString(), Spec(after).ToJsonString());
        AssertNotEchoed(scenario.Last);
        Assert.Equal(Spec(forged).ToJsonString(), Spec(scenario.Remove(after)).ToJsonString());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Update_ForgedRecord_IsNeverCalledComplete(string forgery)
    {
        var scenario = new InjectorScenario();
        var forged = Forged(forgery);
        var incoming = forged.DeepClone().AsObject();
        incoming["metadata"]!["annotations"] = new JsonObject { ["note"] = "x" };

        var after = scenario.Update(incoming, forged);

        Assert.NotEqual(OutcomeCode.AlreadyInjected, scenario.Last.Code);
        Assert.Contains("\"init-runner\"", Spec(after).ToJsonString());
        AssertNotEchoed(scenario.Last);
        ValidPod.Assert(Spec(after));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Update_RecordForgedOnAnInjectedTemplate_LosesNothing(string forgery)
    {
        var scenario = new InjectorScenario();
        var stored = InjectorScenario.Stored(scenario.Create(WithoutRecord(Forged(forgery))));
        var incoming = stored.DeepClone().AsObject();
        incoming["spec"]!["template"]!["metadata"]!["annotations"]!["gitlab-runner/status"] = Forgeries[forgery];

        var after = scenario.Update(incoming, stored);

        ValidPod.Assert(Spec(after));
        AssertNotEchoed(scenario.Last);
        Assert.Equal(Spec(stored).ToJsonString(), Spec(after).ToJsonString());
        ValidPod.Assert(Spec(scenario.Remove(incoming)));
    }

    [Fact]
    public void Record_ThatAddsAUserNamespaceOfTheirs_TakesItNot()
    {
        var scenario = new InjectorScenario();
        var stored = InjectorScenario.Stored(scenario.Create(WithoutRecord(Forged("empty"))));
        var record = JsonNode.Parse(RecordOf(stored))!.AsObject();
        record["pieces"]!["hostUsers"] = PieceDigest.Of(JsonValue.Create(false));
        stored["spec"]!["template"]!["metadata"]!["annotations"]!["gitlab-runner/status"] = record.ToJsonString();

        Assert.False((bool)Spec(scenario.Remove(stored))["hostUsers"]!);
    }

    [Fact]
    public void Record_TooLittle_IsNeverCalledCompleteWithoutARegistrationThatTheRunnerReads()
    {
        var scenario = new InjectorScenario("    certificates: {secretName: ca}\n");
        var stored = InjectorScenario.Stored(scenario.Create(InjectorScenario.Stored(SampleObjects.DaemonSet())));
        var record = JsonNode.Parse(RecordOf(stored))!.AsObject();
        record["pieces"]!.AsObject().Remove("./volumeMounts/~1etc~1gitlab-runner");
        stored["spec"]!["template"]!["metadata"]!["annotations"]!["gitlab-runner/status"] = record.ToJsonString();
        var mounts = Spec(stored)["containers"]![0]!["volumeMounts"]!.AsArray();
        mounts.Remove(mounts.First(mount => (string)mount!["mountPath"]! == "/etc/gitlab-runner"));

        var after = scenario.Create(stored);

        Assert.NotEqual(OutcomeCode.AlreadyInjected, scenario.Last.Code);
        Assert.Contains("/etc/gitlab-runner\"", Spec(after)["containers"]![0]!.ToJsonString());
    }

    [Fact]
    public void Record_WithoutOnePiece_StaysValidWhateverComes()
    {
        var scenario = new InjectorScenario();
        var bare = InjectorScenario.Stored(SampleObjects.DaemonSet());
        var stored = InjectorScenario.Stored(scenario.Create(bare));
        foreach (var piece in JsonNode.Parse(RecordOf(stored))!["pieces"]!.AsObject().Select(piece => piece.Key))
        {
            var record = JsonNode.Parse(RecordOf(stored))!.AsObject();
            record["pieces"]!.AsObject().Remove(piece);
            var short1 = stored.DeepClone().AsObject();
            short1["spec"]!["template"]!["metadata"]!["annotations"]!["gitlab-runner/status"] = record.ToJsonString();

            ValidPod.Assert(Spec(scenario.Create(short1)));
            ValidPod.Assert(Spec(scenario.Remove(short1)));
        }
    }

    // Braces of JSON are written as angle brackets.
    private static string Json(string text) =>
        text.Replace('<', '{').Replace('>', '}');

    private static string Record(string[] pieces) => Json($"""<{Stamp},"pieces":<{string.Join(',', pieces)}>>""");

    // The claim that something of theirs is ours, with the digest that it has.
    private static string[] Claim(string address)
    {
        JsonNode? at = new JsonObject { ["spec"] = Theirs.DeepClone() };
        foreach (var key in JsonPointer.TryParse(address)!.Tokens)
        {
            at = at is JsonArray list
                ? list.First(element => (string?)(element!["mountPath"] ?? element["name"]) == key) : at![key];
        }

        return [$"\"{address}\":\"{PieceDigest.Of(at!)}\""];
    }

    private static JsonObject Forged(string forgery)
    {
        var obj = SampleObjects.DaemonSet();
        obj["spec"]!["template"]!["spec"] = Theirs.DeepClone();
        obj["spec"]!["template"]!["metadata"]!["annotations"] = new JsonObject { ["gitlab-runner/status"] = Forgeries[forgery] };
        return obj;
    }

    private static JsonObject WithoutRecord(JsonObject obj)
    {
        var copy = obj.DeepClone().AsObject();
        copy["spec"]!["template"]!["metadata"]!.AsObject().Remove("annotations");
        return copy;
    }

    private static void AssertNotEchoed(InjectionOutcome outcome) => Assert.DoesNotContain(Echo, Encoding.UTF8.GetString(
        AdmissionResponseWriter.Write("uid", outcome with { Patch = [] }, SuccessReport.Warning)) + string.Concat(outcome.Advice), StringComparison.Ordinal);

    private static string RecordOf(JsonObject obj) =>
        (string)obj["spec"]!["template"]!["metadata"]!["annotations"]!["gitlab-runner/status"]!;

    private static JsonObject Spec(JsonObject obj) => obj["spec"]!["template"]!["spec"]!.AsObject();
}
