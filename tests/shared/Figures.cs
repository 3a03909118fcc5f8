namespace RunnerWebhook.Tests;

/// <summary>What tests have measured; <c>./dev test</c> prints it at its end.</summary>
internal static class Figures
{
    private static readonly Lock Writing = new();

    /// <summary>Adds a line.</summary>
    public static void Add(string line)
    {
        var file = Path.Combine(PublishedProgram.Root(), "artifacts", "figures.txt");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        lock (Writing)
        {
            File.AppendAllText(file, line + "\n");
        }
    }
}
