using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Check;

/// <summary>The kubectl of the person who is about to install: whether <c>apply -k</c> can build the manifests.</summary>
internal static class InstalledKubectl
{
    private const string Name = "kubectl";

    // The first release whose kustomize knows components.
    private static readonly KubernetesVersion Oldest = new(1, 21);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Asks it for its release; null if there is none, or it does not say.</summary>
    /// <param name="path">The folders in which programs are looked for, as in <c>PATH</c>.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static async Task<CheckResult?> Run(string? path, CancellationToken cancellation)
    {
        var program = (path ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(folder => new[] { Path.Combine(folder, Name), Path.Combine(folder, Name + ".exe") })
            .FirstOrDefault(File.Exists);
        if (program is null || await Release(program, cancellation) is not { } release)
        {
            return null;
        }

        return release < Oldest
            ? CheckResult.Fail(Name, $"kubectl {release} is older than {Oldest}, which kubectl apply -k of the manifests needs",
                "use a newer kubectl, or kubectl apply -f with the install.yaml of a release")
            : CheckResult.Pass(Name, $"kubectl {release} can build the manifests");
    }

    private static async Task<KubernetesVersion?> Release(string program, CancellationToken cancellation)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(Patience);
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, ["version", "--client", "--output=json"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            using var ended = timeout.Token.Register(process.Kill);
            _ = process.StandardError.ReadToEndAsync(timeout.Token);
            var output = await process.StandardOutput.ReadToEndAsync(timeout.Token);
            using var json = JsonDocument.Parse(output);
            return KubernetesVersion.TryParse(json.RootElement.Text("clientVersion", "gitVersion"));
        }
        catch (Exception e) when (e is JsonException or Win32Exception or IOException or InvalidOperationException
            || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return null;
        }
    }
}
