using System.Reflection;
using System.Text.RegularExpressions;
using RunnerWebhook.Fuzz;
using Xunit;

namespace RunnerWebhook.Tests.Docs;

/// <summary>SECURITY.md promises measures by the tests that show them.</summary>
public sealed partial class SecurityDocumentTests
{
    private static readonly string Text = File.ReadAllText(Path.Combine(RepositoryFiles.Root, "SECURITY.md"));

    private static readonly string ClusterTests = Path.Combine(RepositoryFiles.Tests, "RunnerWebhook.ClusterTests");

    [Fact]
    public void Measures_Named_HaveTheirTests()
    {
        var named = Test().Matches(Text).Select(match => match.Groups[1].Value).ToArray();

        Assert.True(named.Length > 15);
        Assert.Empty(named.Except(Methods()));
    }

    [Fact]
    public void Rows_OfWhoCanReachWhat_NameATestEach() => Assert.All(
        Text.Split("\n## ")[1].Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(2),
        line => Assert.Matches(Test(), line));

    [Fact]
    public void Targets_OfFuzzing_AreAllNamed() =>
        Assert.All(FuzzTarget.All, target => Assert.Contains($"| `{target.Name}` |", Text, StringComparison.Ordinal));

    // The cluster tests are another assembly, which this one must not need.
    private static IEnumerable<string> Methods() => typeof(SecurityDocumentTests).Assembly.GetTypes()
        .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance)
            .Where(method => method.GetCustomAttributes()
                .Any(attribute => attribute.GetType().Name is nameof(FactAttribute) or nameof(TheoryAttribute)))
            .Select(method => $"{type.Name}.{method.Name}"))
        .Concat(Directory.EnumerateFiles(ClusterTests, "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => Method().Matches(File.ReadAllText(file))
                .Select(match => $"{Path.GetFileNameWithoutExtension(file)}.{match.Groups[1].Value}")));

    [GeneratedRegex(@"`([A-Z]\w+Tests\.\w+)`")]
    private static partial Regex Test();

    [GeneratedRegex(@"public (?:async )?(?:void|Task) (\w+_\w+)")]
    private static partial Regex Method();
}
