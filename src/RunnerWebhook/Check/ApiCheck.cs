namespace RunnerWebhook.Check;

/// <summary>The API server answers.</summary>
internal static class ApiCheck
{
    public const string Name = "api";

    public static IEnumerable<CheckResult> Run(ClusterSnapshot snapshot) =>
    [
        snapshot.Version.IsKnown
            ? CheckResult.Pass(Name, $"API server {snapshot.Version.Value} answers ({snapshot.Source})")
            : CheckResult.Fail(Name, snapshot.Version.Problem!,
                "nothing else was checked; is this the right cluster? kubectl config get-contexts; kubectl cluster-info"),
    ];
}
