using System.Globalization;

namespace RunnerWebhook.LoadBench;

/// <summary>Figures in a file, a line each: the name, a colon, the value.</summary>
internal static class MeasuredFigures
{
    public static void Write(string file, IReadOnlyDictionary<string, double> figures) => File.WriteAllLines(file,
        figures.Select(figure => string.Create(CultureInfo.InvariantCulture, $"{figure.Key}: {figure.Value}")));

    public static Dictionary<string, double> Read(string file) => File.ReadLines(file)
        .Select(line => line.Split(": "))
        .ToDictionary(parts => parts[0], parts => double.Parse(parts[1], CultureInfo.InvariantCulture));
}
