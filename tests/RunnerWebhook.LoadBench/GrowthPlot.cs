using System.Globalization;
using System.Text;

namespace RunnerWebhook.LoadBench;

/// <summary>Draws growth as SVG with logarithmic axes, a panel for each thing that grows.</summary>
internal static class GrowthPlot
{
    private const int Width = 300;
    private const int Height = 200;
    private const int Left = 70;
    private const int Top = 40;
    private const int Panels = 2;

    // From 0.1 µs to 100 ms.
    private const int FirstDecade = -1;
    private const int Decades = 6;

    private static readonly string[] Colours = ["#1f77b4", "#d62728"];

    /// <summary>The drawing.</summary>
    public static string Of(IReadOnlyCollection<GrowthPoint> points)
    {
        var panels = points.GroupBy(point => point.By).ToArray();
        var (across, down) = (Width + Left, Height + (2 * Top));
        var svg = new StringBuilder();
        var (width, height) = ((across * Panels) + 20, down * ((panels.Length + 1) / Panels));
        svg.Append(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="sans-serif" font-size="12">
            <rect width="100%" height="100%" fill="white"/>

            """);
        foreach (var (index, panel) in panels.Index())
        {
            svg.Append(CultureInfo.InvariantCulture,
                $"<g transform=\"translate({Left + (across * (index % Panels))},{Top + (down * (index / Panels))})\">\n");
            Draw(svg, panel.Key, [.. panel]);
            svg.Append("</g>\n");
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static void Draw(StringBuilder svg, string title, GrowthPoint[] points)
    {
        var most = Math.Log10(points.Max(point => point.Value));
        double X(double value) => Math.Log10(value) / most * (Width - 20);
        double Y(double value) => Height - ((Math.Log10(value) - FirstDecade) / Decades * Height);
        for (var decade = FirstDecade; decade <= FirstDecade + Decades; decade++)
        {
            var value = Math.Pow(10, decade);
            var label = value < 1000 ? $"{value:0.#} µs" : $"{value / 1000:0} ms";
            svg.Append(CultureInfo.InvariantCulture, $"""
                <path d="M0 {Y(value):0.0}H{Width - 20}" stroke="#ddd"/>
                <text x="-6" y="{Y(value) + 4:0.0}" text-anchor="end">{label}</text>

                """);
        }

        foreach (var value in points.Select(point => point.Value).Distinct())
        {
            svg.Append(CultureInfo.InvariantCulture,
                $"<text x=\"{X(value):0.0}\" y=\"{Height + 16}\" text-anchor=\"middle\">{value:N0}</text>\n");
        }

        svg.Append(CultureInfo.InvariantCulture,
            $"<text x=\"{Width / 2}\" y=\"{Height + 34}\" text-anchor=\"middle\">{title}</text>\n");
        foreach (var (index, series) in points.GroupBy(point => point.Review).Index())
        {
            var line = string.Join(' ', series.Select(point =>
                string.Create(CultureInfo.InvariantCulture, $"{X(point.Value):0.0},{Y(point.Microseconds):0.0}")));
            svg.Append(CultureInfo.InvariantCulture, $"""
                <polyline points="{line}" fill="none" stroke="{Colours[index]}" stroke-width="2"/>
                <text x="{10 + (150 * index)}" y="-12" fill="{Colours[index]}">{series.Key}</text>

                """);
        }
    }
}
