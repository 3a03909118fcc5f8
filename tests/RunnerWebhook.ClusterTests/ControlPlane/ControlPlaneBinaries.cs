using System.Runtime.CompilerServices;

namespace RunnerWebhook.ClusterTests.ControlPlane;

/// <summary>The folder of etcd, kube-apiserver, kube-controller-manager and kubectl, and for a node of kubelet and
/// kube-scheduler too, provisioned by <c>provision.sh</c>.</summary>
/// <param name="Folder">The folder; null where they can't be had.</param>
/// <param name="SkipReason">Why they can't be had.</param>
internal sealed record ControlPlaneBinaries(string? Folder, string SkipReason)
{
    /// <summary>Those of a control plane alone.</summary>
    /// <exception cref="InvalidOperationException">They can't be had, and <c>CI=true</c> is set.</exception>
    public static Task<ControlPlaneBinaries> Provision() => Provision("no control plane can be had", []);

    /// <summary>Those of a node as well.</summary>
    /// <exception cref="InvalidOperationException">They can't be had, and <c>CI=true</c> is set.</exception>
    public static Task<ControlPlaneBinaries> ProvisionNode() => Provision("no node can be had", ["node"]);

    public string PathOf(string binary) => Path.Combine(Folder!, binary);

    private static async Task<ControlPlaneBinaries> Provision(
        string problem, string[] arguments, [CallerFilePath] string thisFile = "")
    {
        var script = Path.Combine(Path.GetDirectoryName(thisFile)!, "provision.sh");
        var (folder, reason) = await ProvisionScript.Run(script, problem, arguments);
        return new(folder, reason);
    }
}
