using System.Text.Json.Nodes;
using RunnerWebhook.ClusterTests.Judges;
using RunnerWebhook.ClusterTests.Manifests;
using RunnerWebhook.Core.Outcomes;
using RunnerWebhook.Tests;
using Xunit;

namespace RunnerWebhook.ClusterTests;

/// <summary>Exported admission policies, run by the API server's own library: every golden case that they claim to cover gets from
/// them what the webhook gives it, field for field, and every refusal word for word.</summary>
public sealed class ExportedPolicyTests(PolicyRunner runner) : IClassFixture<PolicyRunner>
{
    // The API server's limits. Source: k8s.io/apiserver/pkg/apis/cel.
    private const long PerCallLimit = 1_000_000;
    private const long RuntimeBudget = 10_000_000;
    private const int FewestCases = 40;

    [Fact]
    public async Task Policies_GoldenCases_GiveWhatTheWebhookGives()
    {
        runner.Require();
        var known = PolicyDocument.NotCovered();
        var cases = ExportedCase.All().ToArray();
        var created = await runner.Run([.. cases.Select(golden => golden.Question)]);
        var webhooks = await Webhooks(cases, created);
        var covered = new List<(ExportedCase Golden, PolicyAnswer[] Created)>();
        foreach (var (index, golden) in cases.Index())
        {
            var problems = golden.Differences(created[index], webhooks[index]).ToArray();
            if (known.Contains(golden.Name))
            {
                Assert.True(problems.Length > 0, $"{golden.Name} is covered: take it out of {PolicyDocument.Path}");
            }
            else
            {
                Assert.True(problems.Length == 0, $"{golden.Name}: {string.Join("\n", problems)}");
                covered.Add((golden, [.. created[index].Where(answer => answer.Denied.Length == 0)]));
            }
        }

        Assert.Empty(known.Except(cases.Select(golden => golden.Name)));
        Figures.Add("admission policies: {0} golden cases as the webhook, {1} not covered", covered.Count, known.Count);
        Assert.True(covered.Count >= FewestCases, $"{covered.Count} cases");
        await AssertSettled([.. covered.Where(one => one.Created.Length > 0)]);
    }

    // A second look at what is stored changes nothing, neither by the policies nor by the webhook, and a DaemonSet without the label
    // is what was applied.
    private async Task AssertSettled((ExportedCase Golden, PolicyAnswer[] Created)[] cases)
    {
        var again = await runner.Run([.. cases.Select(one => one.Golden.Question with
        {
            Requests =
            [
                .. one.Created.Select(answer => Request("CREATE", answer.Object!, null)),
                .. DaemonSets(one.Created).Select(answer => Request("UPDATE", Unlabelled(answer.Object!), answer.Object)),
            ],
        })]);
        foreach (var (index, (golden, created)) in cases.Index())
        {
            var (settled, removed) = (again[index][..created.Length], again[index][created.Length..]);
            Assert.All(settled, answer => Assert.True(answer.Denied.Length + answer.Error.Length == 0
                && JsonNode.DeepEquals(answer.Input, answer.Object), $"{golden.Name}: {answer.Denied}{answer.Error}"));
            Assert.All(settled, answer => AssertComplete(golden, answer.Object!));
            Assert.All(removed.Zip(DaemonSets(created)), pair => Assert.True(
                JsonNode.DeepEquals(Unlabelled(pair.Second.Input!), WithoutDefault(pair.First.Object, pair.Second.Input!)),
                $"{golden.Name}: {pair.First.Error}{pair.First.Object?.ToJsonString()}"));
        }
    }

    [Fact]
    public async Task Policies_PodOf100KB_CostATenthOfTheLimitAtMost()
    {
        runner.Require();
        var pod = ExportedCase.LargePod(100_000);
        var golden = ExportedCase.All().First(one => one.Name == "bare-pod") with { Objects = [pod] };

        var answer = (await runner.Run([golden.Question]))[0].Single();

        Assert.Equal(("", ""), (answer.Error, answer.Denied));
        Assert.Contains(answer.Object!["spec"]!["initContainers"]!.AsArray(), init => (string)init!["name"]! == "init-runner");
        Figures.Add("admission policies: a Pod of 100 kB costs {0} of {1} in the dearest expression ({2}), {3} of {4} in all",
            answer.Dearest, PerCallLimit, answer.Name, answer.Total, RuntimeBudget);
        Assert.InRange(answer.Dearest, 1, PerCallLimit / 10);
        Assert.InRange(answer.Total, 1, RuntimeBudget / 10);
    }

    // What a policy has injected is complete to the webhook, and of the rest it changes nothing either.
    private static void AssertComplete(ExportedCase golden, JsonNode workload)
    {
        var outcome = golden.Outcome(workload);
        var isInjected = AdmissionCase.TemplateOf(workload)["metadata"]?["annotations"]?["gitlab-runner/status"] is not null;
        Assert.True(outcome.Patch.IsEmpty && !outcome.IsDenied && isInjected == (outcome.Code == OutcomeCode.AlreadyInjected),
            $"{golden.Name}: {outcome.Sentence}");
    }

    // What the webhook makes of the objects as the API server sends them, as the API server stores them.
    private async Task<IReadOnlyList<PolicyAnswer[]>> Webhooks(ExportedCase[] cases, IReadOnlyList<PolicyAnswer[]> answers) =>
        await runner.Run([.. cases.Zip(answers).Select(pair => new PolicyQuestion([], [.. pair.Second.Select(answer =>
            new PolicyRequest("CREATE", pair.First.Injected(answer.Input!), null, new JsonObject()))]))]);

    private static PolicyRequest Request(string operation, JsonNode workload, JsonNode? old) =>
        new(operation, workload, old, ExportedCase.Space(workload));

    private static PolicyAnswer[] DaemonSets(PolicyAnswer[] answers) =>
        [.. answers.Where(answer => (string)answer.Object!["kind"]! == "DaemonSet")];

    private static JsonNode Unlabelled(JsonNode workload)
    {
        var copy = workload.DeepClone();
        var labels = copy["metadata"]!["labels"]!.AsObject();
        labels.Remove("gitlab-runner");
        if (labels.Count == 0)
        {
            copy["metadata"]!.AsObject().Remove("labels");
        }

        return copy;
    }

    // The API server's default, which the golden cases leave out.
    private static JsonNode? WithoutDefault(JsonNode? workload, JsonNode before)
    {
        var spec = workload?["spec"]!["template"]!["spec"]!.AsObject();
        if (before["spec"]!["template"]!["spec"]!["terminationGracePeriodSeconds"] is null)
        {
            spec?.Remove("terminationGracePeriodSeconds");
        }

        return workload;
    }
}
