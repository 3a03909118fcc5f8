using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Core.Resolution;

/// <summary>What a workload itself states of what a policy restricts.</summary>
/// <param name="RunnerImage">The image of its runner container; empty if there is no workload to look at.</param>
/// <param name="RuntimeClass">Its <c>runtimeClassName</c>; empty for none.</param>
internal sealed record OwnFields(string RunnerImage, string RuntimeClass)
{
    /// <summary>Those of no workload.</summary>
    public static OwnFields None { get; } = new("", "");

    /// <summary>Those of a workload.</summary>
    public static OwnFields Of(Workload workload, string runnerImage) =>
        new(runnerImage, workload.Template.Json.Text("spec", "runtimeClassName"));
}
