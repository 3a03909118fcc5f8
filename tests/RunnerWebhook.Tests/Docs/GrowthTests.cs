using RunnerWebhook.LoadBench;
using Xunit;

namespace RunnerWebhook.Tests.Docs;

/// <summary>Tables and picture of the growth are what <c>./dev bench growth</c> makes of its figures.</summary>
public sealed class GrowthTests
{
    private static readonly string Folder = Path.Combine(RepositoryFiles.Root, "src", "docs");

    private static readonly GrowthPoint[] Points = GrowthPoint.Read(Path.Combine(Folder, "growth.csv"));

    [Fact]
    public void Picture_OfTheDocuments_IsThatOfTheFigures() =>
        Assert.Equal(GrowthPlot.Of(Points), File.ReadAllText(Path.Combine(Folder, "growth.svg")));

    [Fact]
    public void Tables_OfTheDocuments_AreThoseOfTheFigures() => Assert.Contains(
        GrowthTable.Of(Points), File.ReadAllText(Path.Combine(Folder, "performance.md")), StringComparison.Ordinal);

    [Fact]
    public void Figures_OfTheDocuments_CoverWhatGrows() => Assert.Equal(
        [("kB of the review", 1536), ("rules of the policy", 10_000), ("profiles", 10_000), ("namespaces of the pods", 10_000)],
        Points.GroupBy(point => point.By).Select(points => (points.Key, points.Max(point => point.Value))));
}
