using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace RunnerWebhook.ClusterTests.ControlPlane;

/// <summary>The folder of etcd, kube-apiserver, kube-controller-manager and kubectl, provisioned by
/// <c>provision.sh</c>.</summary>
/// <param name="Folder">The folder; null where they can't be had.</param>
/// <param name="Problem">Why they can't be had.</param>
internal sealed record ControlPlaneBinaries(string? Folder, string Problem)
{
    // Building takes about five minutes on two cores.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(25);

    public static async Task<ControlPlaneBinaries> Provision([CallerFilePath] string thisFile = "")
    {
        var script = Path.Combine(Path.GetDirectoryName(thisFile)!, "provision.sh");
        using var process = Process.Start(new ProcessStartInfo("bash", [script])
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

    public string PathOf(string binary) => Path.Combine(Folder!, binary);
}
