namespace RunnerWebhook.Check;

/// <summary>The API server answers.</summary>
internal static class ApiCheck
{
    public const string Name = "api";

    public static IEnumerable<CheckResult> Run(ClusterSnapshot snapshot) =>
    [
        snapshot.Version.Has(out var version)
            ? CheckResult.Pass(Name, $"API server {version} answers ({snapshot.Source})")
            : CheckResult.Fail(Name, snapshot.Version.Problem ?? "the API server reports no version",
                "nothing else was checked; is this the right cluster? kubectl config get-contexts; kubectl cluster-info"),
    ];
}
