using System.Globalization;
using System.Text;
using BenchmarkDotNet.Reports;

namespace RunnerWebhook.Benchmarks;

/// <summary>Draws time against size and number of rules, as SVG with logarithmic axes.</summary>
internal static class GrowthPlot
{
    private const int Width = 360;
    private const int Height = 240;
    private const int Left = 60;
    private const int Top = 40;

    // From 1 µs to 100 ms.
    private const int Decades = 5;

    private static readonly string[] Colours = ["#1f77b4", "#d62728"];

    /// <summary>The plot.</summary>
    public static string Of(IEnumerable<Summary> summaries)
    {
        var points = summaries.SelectMany(summary => summary.Reports).Where(report => report.ResultStatistics is not null)
            .Select(report => (
                Class: report.BenchmarkCase.Descriptor.Type.Name,
                Series: report.BenchmarkCase.Descriptor.WorkloadMethod.Name,
                X: report.BenchmarkCase.Parameters.Items[0].Value,
                Microseconds: report.ResultStatistics!.Median / 1000))
            .Where(point => point.X is int).ToLookup(point => point.Class);
        var svg = new StringBuilder();
        var (width, height) = (2 * (Width + Left), Height + (2 * Top));
        svg.Append(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="sans-serif" font-size="12">
            <rect width="100%" height="100%" fill="white"/>

            """);
        var offset = Left;
        foreach (var (name, title) in new[] { (nameof(SizeBenchmarks), "kB of review"), (nameof(RuleBenchmarks), "rules") })
        {
            svg.Append(CultureInfo.InvariantCulture, $"<g transform=\"translate({offset},{Top})\">\n");
            Draw(svg, [.. points[name].Select(point => (point.Series, (double)(int)point.X!, point.Microseconds))], title);
            svg.Append("</g>\n");
            offset += Width + Left;
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static void Draw(StringBuilder svg, (string Series, double X, double Microseconds)[] points, string title)
    {
        var most = points.Max(point => point.X);
        double X(double value) => Math.Log10(value) / Math.Log10(most) * (Width - 20);
        double Y(double value) => Height - (Math.Log10(value) / Decades * Height);
        for (var decade = 0; decade <= Decades; decade++)
        {
            var value = Math.Pow(10, decade);
            var label = value < 1000 ? $"{value} µs" : $"{value / 1000} ms";
            svg.Append(CultureInfo.InvariantCulture, $"""
                <path d="M0 {Y(value):0.0}H{Width - 20}" stroke="#ddd"/>
                <text x="-6" y="{Y(value) + 4:0.0}" text-anchor="end">{label}</text>

                """);
        }

        foreach (var value in points.Select(point => point.X).Distinct())
        {
            svg.Append(CultureInfo.InvariantCulture, $"""
                <text x="{X(value):0.0}" y="{Height + 16}" text-anchor="middle">{value}</text>

                """);
        }

        svg.Append(CultureInfo.InvariantCulture, $"""
            <text x="{Width / 2}" y="{Height + 34}" text-anchor="middle">{title}</text>

            """);
        foreach (var (index, series) in points.GroupBy(point => point.Series).Index())
        {
            var line = string.Join(' ', series.Select(point =>
                string.Create(CultureInfo.InvariantCulture, $"{X(point.X):0.0},{Y(point.Microseconds):0.0}")));
            svg.Append(CultureInfo.InvariantCulture, $"""
                <polyline points="{line}" fill="none" stroke="{Colours[index]}" stroke-width="2"/>
                <text x="{10 + (90 * index)}" y="-12" fill="{Colours[index]}">{series.Key}</text>

                """);
        }
    }
}
