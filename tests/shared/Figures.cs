using System.Globalization;

namespace RunnerWebhook.Tests;

/// <summary>What tests have measured; <c>./dev test</c> prints it at its end.</summary>
internal static class Figures
{
    private static readonly Lock Writing = new();

    /// <summary>Adds a line.</summary>
    /// <param name="format">A composite format.</param>
    /// <param name="arguments">The values to format.</param>
    public static void Add(string format, params object[] arguments)
    {
        var file = Path.Combine(PublishedProgram.Root(), "artifacts", "figures.txt");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        lock (Writing)
        {
            File.AppendAllText(file, string.Format(CultureInfo.InvariantCulture, format, arguments) + "\n");
        }
    }
}
