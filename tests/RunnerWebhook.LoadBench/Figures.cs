using System.Globalization;

namespace RunnerWebhook.LoadBench;

/// <summary>The measurements of one contestant, a row for each round.</summary>
internal sealed class Figures
{
    private readonly List<double[]> _rounds = [];

    public void Add(double[] round) => _rounds.Add(round);

    /// <summary>The median of each column.</summary>
    public double[] Medians() => Columns(_rounds);

    /// <summary>The median of each column's ratio to another contestant in the same round, so that what else the machine does
    /// weighs on both.</summary>
    public double[] RatiosTo(Figures other) =>
        Columns([.. _rounds.Zip(other._rounds, (own, floor) => own.Zip(floor, (left, right) => left / right).ToArray())]);

    /// <summary>A value of an ascending list below which a share of all is.</summary>
    public static double At(double[] ascending, double share) => ascending[(int)(share * (ascending.Length - 1))];

    /// <summary>Cells of a table in Markdown.</summary>
    public static string Cells(IEnumerable<double> values) => string.Join(" | ", values.Select(value => double.IsNaN(value) ? ""
        : value.ToString(value >= 100 ? "0" : value >= 10 ? "0.0" : "0.00", CultureInfo.InvariantCulture)));

    private static double[] Columns(List<double[]> rows) =>
        [.. Enumerable.Range(0, rows[0].Length).Select(column => At([.. rows.Select(row => row[column]).Order()], 0.5))];
}
