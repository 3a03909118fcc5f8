using System.Globalization;

namespace RunnerWebhook.LoadBench;

/// <summary>What a review costs at one point of a growth.</summary>
/// <param name="By">What grows, as tables and axes name it.</param>
/// <param name="Review">The kind of review.</param>
/// <param name="Value">How much of it there is.</param>
/// <param name="Microseconds">The time from the body's bytes to the answer's.</param>
internal sealed record GrowthPoint(string By, string Review, int Value, double Microseconds)
{
    /// <summary>The points of a file, one a line.</summary>
    public static GrowthPoint[] Read(string file) => [.. File.ReadLines(file).Select(line => line.Split(','))
        .Select(cells => new GrowthPoint(cells[0], cells[1], int.Parse(cells[2], CultureInfo.InvariantCulture),
            double.Parse(cells[3], CultureInfo.InvariantCulture)))];

    /// <summary>Writes a file of points.</summary>
    public static void Write(string file, IEnumerable<GrowthPoint> points) => File.WriteAllLines(file, points.Select(point =>
        string.Create(CultureInfo.InvariantCulture, $"{point.By},{point.Review},{point.Value},{point.Microseconds:0.0}")));
}
