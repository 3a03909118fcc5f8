using RunnerWebhook.Core.PodSecurity;
using RunnerWebhook.Core.Workloads;
using RunnerWebhook.Yaml;
using Xunit;

namespace RunnerWebhook.Tests.PodSecurity;

/// <summary>
/// Kubernetes' own fixtures, if <c>POD_SECURITY_FIXTURES</c> names the folder <c>test/testdata</c> of a checkout of
/// kubernetes/pod-security-admission.
/// </summary>
public sealed class PodSecurityFixtureTests
{
    [Theory]
    [InlineData(PodSecurityLevel.Baseline)]
    [InlineData(PodSecurityLevel.Restricted)]
    public void Fixtures_OfEveryRelease_GetKubernetesVerdict(PodSecurityLevel level)
    {
        var root = Environment.GetEnvironmentVariable("POD_SECURITY_FIXTURES");
        Assert.SkipUnless(Directory.Exists(root), "POD_SECURITY_FIXTURES names no folder of Kubernetes' fixtures");

        var wrong = new List<string>();
        var judged = 0;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(root!, level.ToString().ToLowerInvariant()), "*.yaml",
            SearchOption.AllDirectories))
        {
            var folders = Path.GetRelativePath(root!, file).Split('/');
            var standard = new PodSecurityStandard(level, KubernetesVersion.TryParse(folders[1])!.Value);
            var pod = YamlFile.Parse(File.ReadAllText(file), out _)!.Documents[0].Json;
            var found = standard.Violations(pod);
            judged++;
            if (found.IsEmpty != (folders[2] == "pass"))
            {
                wrong.Add($"{string.Join('/', folders)}: {string.Join("; ", found)}");
            }
        }

        Assert.Empty(wrong);
        Assert.True(judged > 1000, $"only {judged} fixtures in {root}");
    }
}
