using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace RunnerWebhook.ClusterTests.ControlPlane;

/// <summary>The folder of etcd, kube-apiserver, kube-controller-manager and kubectl, and for a node of kubelet and
/// kube-scheduler too, provisioned by <c>provision.sh</c>.</summary>
/// <param name="Folder">The folder; null where they can't be had.</param>
/// <param name="Problem">Why they can't be had.</param>
internal sealed record ControlPlaneBinaries(string? Folder, string Problem)
{
    // Building takes about six minutes on two cores.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(25);

    /// <summary>Provisions them.</summary>
    /// <param name="for">Nothing for a control plane alone; <c>node</c> for a node as well.</param>
    /// <returns>The binaries, or the reason why they can't be had.</returns>
    /// <exception cref="InvalidOperationException">They can't be had, and <c>CI=true</c> is set.</exception>
    public static async Task<ControlPlaneBinaries> Provision(params string[] @for)
    {
        var found = await Run(@for);
        return found.Folder is null && Environment.GetEnvironmentVariable("CI") == "true"
            ? throw new InvalidOperationException(found.Problem)
            : found;
    }

    public string PathOf(string binary) => Path.Combine(Folder!, binary);

    private static async Task<ControlPlaneBinaries> Run(string[] @for, [CallerFilePath] string thisFile = "")
    {
        var script = Path.Combine(Path.GetDirectoryName(thisFile)!, "provision.sh");
        using var process = Process.Start(new ProcessStartInfo("bash", [script, .. @for])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        using var timeout = new CancellationTokenSource(Patience);
        var output = process.StandardOutput.ReadToEndAsync(timeout.Token);
        var problem = "";
        while (await process.StandardError.ReadLineAsync(timeout.Token) is { } line)
        {
            problem = line;
        }

        await process.WaitForExitAsync(timeout.Token);
        return process.ExitCode == 0
            ? new((await output).TrimEnd().Split('\n')[^1], "")
            : new(null, problem);
    }
}
