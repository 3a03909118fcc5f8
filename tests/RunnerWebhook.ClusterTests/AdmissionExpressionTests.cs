using System.Text.Json.Nodes;
using RunnerWebhook.ClusterTests.Judges;
using RunnerWebhook.ClusterTests.Manifests;
using RunnerWebhook.Core.Outcomes;
using RunnerWebhook.Tests;
using Xunit;

namespace RunnerWebhook.ClusterTests;

/// <summary>Match conditions and the guard, judged by cel-go: no API server that has them can be built here, but the
/// library is the one that those API servers evaluate expressions by.</summary>
public sealed class AdmissionExpressionTests(CelEvaluator cel) : IClassFixture<CelEvaluator>
{
    [Fact]
    public async Task MatchConditions_WhereTheySkip_TheWebhookWouldHaveChangedNothing()
    {
        cel.Require();
        var whole = GoldenWorkloads.Outputs().ToArray();
        var states = whole.Concat(whole.SelectMany(GoldenWorkloads.WithoutAPiece)).ToArray();
        var updates = states.Where(state => state.Kind == "DaemonSet").SelectMany(state => new[]
        {
            state with { OldObject = state.Object },
            Annotated(state),
            Restarted(state),
            Unlabelled(state),
            state with { Name = state.Name + ", from whole", OldObject = whole.First(own => state.Name.StartsWith(own.Name, StringComparison.Ordinal)).Object },
        });

        AdmissionCase[] cases = [.. states, .. updates];
        var called = await AreAllTrue(cases, request => AdmissionExpressions.MatchConditionsOf(request.Kind));

        var skipped = cases.Where((_, i) => !called[i]).ToArray();
        Assert.All(skipped, request =>
        {
            var outcome = request.Outcome();
            Assert.True(outcome.Patch.IsEmpty && !outcome.IsDenied, $"{request.Name}: {outcome.Sentence}");
        });
        Figures.Add("match conditions: {0} of {1} requests never reach the webhook", skipped.Length, cases.Length);
        Assert.NotEmpty(skipped);
        Assert.True(skipped.Length < cases.Length / 2);
    }

    [Fact]
    public async Task MatchConditions_CompletePods_AreNotSent()
    {
        cel.Require();
        var pods = GoldenWorkloads.Outputs().Where(request => request.Outcome().Code == OutcomeCode.AlreadyInjected).ToArray();
        var settled = pods.Select(request => request.Kind == "Pod" ? request : Annotated(request)).ToArray();

        var called = await AreAllTrue(settled, request => AdmissionExpressions.MatchConditionsOf(request.Kind));

        Assert.True(settled.Length > 10);
        Assert.All(settled.Zip(called), pair => Assert.False(pair.Second, pair.First.Name));
    }

    /// <summary>Records without the mount of the configuration, on pods whose containers share the service account's alone.</summary>
    [Fact]
    public async Task MatchConditions_RegistrationInNoFolderOfTheRunners_IsSent()
    {
        cel.Require();
        string[] places = ["/var/run/secrets/kubernetes.io/serviceaccount", "/var/run/secrets/kubernetes.io/serviceaccount2"];
        var complete = GoldenWorkloads.Outputs().Where(request => request.Outcome().Code == OutcomeCode.AlreadyInjected);
        var cases = complete.SelectMany(_ => places, (request, place) => WithoutConfiguration(request, place))
            .OfType<AdmissionCase>().ToArray();

        var called = await AreAllTrue(cases, request => AdmissionExpressions.MatchConditionsOf(request.Kind));

        Assert.True(cases.Length > 20, $"{cases.Length} cases");
        Assert.All(cases.Zip(called), pair => Assert.True(pair.Second, pair.First.Name));
        Assert.All(cases, request => Assert.NotEqual(OutcomeCode.AlreadyInjected, request.Outcome().Code));
    }

    [Fact]
    public async Task MatchConditions_BareWorkloads_AreSent()
    {
        cel.Require();
        AdmissionCase[] cases = [.. GoldenWorkloads.Inputs(), .. RecordedTraffic().Where(request => request.OldObject is null)];

        var called = await AreAllTrue(cases, request => AdmissionExpressions.MatchConditionsOf(request.Kind));

        Assert.True(cases.Length > 10);
        Assert.All(cases.Zip(called), pair => Assert.True(pair.Second, pair.First.Name));
    }

    [Fact]
    public async Task MatchConditions_WhatIsNoRunnerToBe_IsNotSent()
    {
        cel.Require();
        var bare = GoldenWorkloads.Inputs().ToArray();
        var mirror = bare.First(request => request.Kind == "Pod").Object.DeepClone();
        mirror["metadata"]!["annotations"] = new JsonObject { ["kubernetes.io/config.mirror"] = "digest" };
        AdmissionCase[] cases = [.. bare.Select(BeingDeleted), bare[0] with { Name = "mirror pod", Object = mirror }];

        var called = await AreAllTrue(cases, request => AdmissionExpressions.MatchConditionsOf(request.Kind));

        Assert.All(cases.Zip(called), pair => Assert.False(pair.Second, pair.First.Name));
    }

    [Fact]
    public async Task Guard_BareWorkloads_AreRefused()
    {
        cel.Require();
        var bare = GoldenWorkloads.Inputs().Concat(RecordedTraffic()).Where(IsBare).ToArray();
        AdmissionCase[] cases = [.. bare, .. bare.Where(IsDaemonSet).Select(Restarted), .. bare.Where(IsDaemonSet).Select(LabelledLater)];

        Assert.True(cases.Length > 30);
        Assert.All(await Verdicts(cases), verdict => Assert.Equal("refused", verdict.Verdict));
    }

    [Fact]
    public async Task Guard_InjectedWorkloads_AreLetThrough()
    {
        cel.Require();
        AdmissionCase[] cases =
        [
            // Where DaemonSets are stored as applied, their policy is not installed.
            .. GoldenWorkloads.Outputs().Where(request => request.Outcome().Code != OutcomeCode.LeftAloneForItsPods),
            .. RecordedTraffic().Where(request => request.OldObject is null).Select(request => request with { Object = request.Injected() }),
        ];

        Assert.Contains(cases, request => request.Name.StartsWith("registers-by-hand", StringComparison.Ordinal));
        Assert.True(cases.Length > 20);
        Assert.All(await Verdicts(cases), verdict => Assert.Equal("allowed", verdict.Verdict));
    }

    [Fact]
    public async Task Guard_WhatIsNoneOfItsBusiness_IsLetThrough()
    {
        cel.Require();
        var bare = GoldenWorkloads.Inputs().Where(IsBare).ToArray();
        var mirror = bare.First(request => request.Kind == "Pod").Object.DeepClone();
        mirror["metadata"]!["annotations"] = new JsonObject { ["kubernetes.io/config.mirror"] = "digest" };
        AdmissionCase[] cases =
        [
            .. bare.Select(BeingDeleted), .. bare.Where(IsDaemonSet).Select(Annotated), .. bare.Where(IsDaemonSet).Select(Unlabelled),
            bare[0] with { Name = "mirror pod", Object = mirror },
        ];

        Assert.All(await Verdicts(cases), verdict => Assert.Equal("not asked", verdict.Verdict));
    }

    private static bool IsDaemonSet(AdmissionCase request) => request.Kind == "DaemonSet";

    private static bool IsBare(AdmissionCase request) => request.OldObject is null
        && request.Outcome().Code != OutcomeCode.LeftAloneRegistersByHand && !SpeaksOfRegistering(request);

    // The guard takes the mere word in a script for a registration, as its comment says.
    private static bool SpeaksOfRegistering(AdmissionCase request) =>
        request.Name.StartsWith("looks-like-a-registration/", StringComparison.Ordinal);

    private static AdmissionCase Annotated(AdmissionCase request) => Update(request, "annotated",
        json => json["metadata"]!["annotations"] = new JsonObject { ["note"] = "x" });

    private static AdmissionCase Restarted(AdmissionCase request) => Update(request, "restarted", json =>
    {
        var template = AdmissionCase.TemplateOf(json);
        template["metadata"] ??= new JsonObject();
        template["metadata"]!["annotations"] ??= new JsonObject();
        template["metadata"]!["annotations"]!["kubectl.kubernetes.io/restartedAt"] = "now";
    });

    private static AdmissionCase Unlabelled(AdmissionCase request) =>
        Update(request, "label removed", json => json["metadata"]!.AsObject().Remove("labels"));

    private static AdmissionCase LabelledLater(AdmissionCase request)
    {
        var unlabelled = Unlabelled(request);
        return unlabelled with { Name = request.Name + ", labelled later", Object = unlabelled.OldObject!, OldObject = unlabelled.Object };
    }

    private static AdmissionCase BeingDeleted(AdmissionCase request)
    {
        var deleted = Update(request, "being deleted", json => json["metadata"]!["deletionTimestamp"] = "2026-01-01T00:00:00Z");
        return request.Kind == "Pod" ? deleted with { OldObject = null } : deleted;
    }

    private static AdmissionCase? WithoutConfiguration(AdmissionCase request, string place)
    {
        var copy = request.Object.DeepClone();
        var template = AdmissionCase.TemplateOf(copy);
        var record = JsonNode.Parse((string)template["metadata"]!["annotations"]!["gitlab-runner/status"]!)!;
        var runner = template["spec"]!["containers"]!.AsArray().First(own => (string?)own!["name"] == (string?)record["container"])!;
        var pieces = record["pieces"]!.AsObject();
        if (pieces.FirstOrDefault(piece => piece.Key == "./volumeMounts/~1etc~1gitlab-runner").Key is not { } piece)
        {
            return null;
        }

        pieces.Remove(piece);
        template["metadata"]!["annotations"]!["gitlab-runner/status"] = record.ToJsonString();
        var mounts = runner["volumeMounts"]!.AsArray();
        mounts.Remove(mounts.First(mount => (string)mount!["mountPath"]! == "/etc/gitlab-runner"));
        template["spec"]!["volumes"]!.AsArray().Add(JsonNode.Parse("""{"name":"kube-api-access","projected":{"sources":[]}}"""));
        foreach (var container in template["spec"]!["initContainers"]!.AsArray().Append(runner))
        {
            container!["volumeMounts"] ??= new JsonArray();
            container["volumeMounts"]!.AsArray().Add(new JsonObject { ["name"] = "kube-api-access", ["mountPath"] = place });
        }

        return request with { Name = $"{request.Name}, {place}", Object = copy, OldObject = request.Kind == "Pod" ? null : copy };
    }

    private static AdmissionCase Update(AdmissionCase request, string how, Action<JsonNode> change)
    {
        var copy = request.Object.DeepClone();
        change(copy);
        return request with { Name = $"{request.Name}, {how}", Object = copy, OldObject = request.Object };
    }

    private static IEnumerable<AdmissionCase> RecordedTraffic()
    {
        var injector = GoldenWorkloads.Inputs().First(request => request.Name.StartsWith("minimal-daemonset", StringComparison.Ordinal)).Injector;
        foreach (var file in Directory.GetFiles(Path.Combine(Webhook.Repository, "tests", "admission-reviews"), "*.json", SearchOption.AllDirectories))
        {
            var request = JsonNode.Parse(File.ReadAllText(file))!["request"]!;
            var @new = request["object"]!;
            if ((string?)@new["metadata"]!["labels"]?["gitlab-runner"] == "inject")
            {
                yield return new(Path.GetFileName(file), injector, @new.DeepClone(), request["oldObject"]?.DeepClone());
            }
        }
    }

    private async Task<(string Name, string Verdict)[]> Verdicts(AdmissionCase[] cases)
    {
        var asked = await AreAllTrue(cases, request => AdmissionExpressions.GuardConditionsOf(request.Kind));
        var valid = await AreAllTrue(cases, request => AdmissionExpressions.GuardValidationsOf(request.Kind));
        return [.. cases.Select((request, i) => (request.Name, !asked[i] ? "not asked" : valid[i] ? "allowed" : "refused"))];
    }

    private async Task<bool[]> AreAllTrue(AdmissionCase[] cases, Func<AdmissionCase, string[]> expressions)
    {
        var questions = cases.SelectMany((request, i) => expressions(request).Select(expression =>
            (Case: i, Question: new CelQuestion(expression, request.Operation, request.Object, request.OldObject)))).ToArray();
        var answers = await cel.Evaluate([.. questions.Select(question => question.Question)]);
        Assert.All(answers.Zip(questions), pair => Assert.True(pair.First.Error.Length == 0, $"{cases[pair.Second.Case].Name}: {pair.First.Error}"));
        Figures.Add("expressions in the API server: the dearest costs {0} of 1000000", answers.Max(answer => answer.Cost));
        return [.. cases.Select((_, i) => questions.Zip(answers).Where(pair => pair.First.Case == i).All(pair => pair.Second.Value))];
    }
}
