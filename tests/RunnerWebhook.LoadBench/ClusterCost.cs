using System.Globalization;

namespace RunnerWebhook.LoadBench;

/// <summary>What a large cluster pays, computed from the figures that <c>./dev bench</c> has measured.</summary>
/// <param name="measured">The figures by name, as <see cref="Comparison"/> writes them.</param>
internal sealed class ClusterCost(IReadOnlyDictionary<string, double> measured)
{
    private const int Nodes = 5_000;
    private const int Pods = 20_000;
    private const int DaemonSets = Pods / Nodes;

    // Creation and binding, three changes of status, and of the old pod: being deleted, stopped, gone.
    private const int ChangesPerPod = 8;

    // The node's kubelet, scheduler, controller manager, and one other controller that watches all pods.
    private const int Watchers = 4;

    // A DaemonSet's revisionHistoryLimit, and the template itself.
    private const int StoredTemplates = 11;

    // kube-controller-manager's --kube-api-qps in clusters of this size; its default is 20.
    private const int CreatesPerSecond = 100;
    private const int RolloutSeconds = Pods / CreatesPerSecond;
    private const int OutageSeconds = 600;
    private const double Busy = 0.5;

    /// <summary>Prints a table in Markdown.</summary>
    public void Print()
    {
        var (pod, cpu, p99) = (measured["pod bytes added"], measured["rollout CPU µs"], measured["rollout p99 ms"]);
        var cores = CreatesPerSecond * cpu / 1e6;
        var needed = Math.Max(1, Math.Ceiling(cores / Busy));
        var spread = new RetrySimulation(Pods, RolloutSeconds, OutageSeconds);
        var (with, without) = (spread.Run(isSpread: true), spread.Run(isSpread: false));
        Row("what", "figure", "how");
        Row("---", "--:", "---");
        Row("bytes in etcd", Megabytes(Pods * pod), $"{Pods:N0} Pods, {pod:N0} bytes of JSON added to each");
        Row("… of templates", Megabytes(DaemonSets * StoredTemplates * measured["template bytes added"]),
            $"{DaemonSets} DaemonSets with {StoredTemplates - 1} earlier revisions");
        Row("bytes to kubelets and watchers", Megabytes(Pods * pod * ChangesPerPod * Watchers),
            $"{ChangesPerPod} changes of each Pod, {Watchers} receivers of each change");
        Row("reviews a second", $"{CreatesPerSecond}", $"`--kube-api-qps={CreatesPerSecond}`: {RolloutSeconds} s for all Pods");
        Row("CPU of the webhook", $"{cores * 1000:0} m", $"{cpu:0.0} µs each, measured");
        Row("p99 of a replica at 1,000/s", $"{p99:0.0} ms", "measured, with the load generator on the same machine");
        Row("replicas for p99 < 50 ms", $"{needed:0}", $"each at most {Busy:0%} of a core busy; one more for availability");
        Row("calls that GitLab refuses, at most", $"{with.FailedPerSecond}/s", $"an outage of {OutageSeconds} s from the start");
        Row("registrations after it, at most", $"{with.RegisteredPerSecond}/s",
            $"half of each wait is random; without that {without.RegisteredPerSecond}/s");
        Row("last runner registered", $"{with.LastAfter:0} s later", $"without randomness {without.LastAfter:0} s");
    }

    private static string Megabytes(double bytes) => $"{bytes / 1e6:0.#} MB";

    private static void Row(params string[] cells) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {string.Join(" | ", cells)} |"));
}
