using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace RunnerWebhook.Fuzz;

/// <summary>The inputs that broke a promise, one file each, next to the report.</summary>
internal sealed partial class Findings(FuzzTarget target, string folder)
{
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    /// <summary>The number of different findings.</summary>
    public int Count => _known.Count;

    /// <summary>Keeps an input, unless one with the same report is kept already.</summary>
    public void Add(byte[] input, string report)
    {
        var frames = report.Split('\n').Where(line => line.Contains("RunnerWebhook", StringComparison.Ordinal)).Take(2);
        var first = report.Split('\n')[0];
        if (!_known.Add(Varying().Replace(first[..Math.Min(first.Length, 80)], "") + string.Join('\n', frames)))
        {
            return;
        }

        Directory.CreateDirectory(folder);
        var name = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{target.Name}-{DateTime.UtcNow:HHmmss}-{Count}"));
        File.WriteAllBytes(name + ".input", input);
        File.WriteAllText(name + ".report", report + "\n\n" + Encoding.UTF8.GetString(input));
        Console.WriteLine($"{target.Name}: {first}\n  {name}.input");
    }

    [GeneratedRegex(@"\d+|'[^']*'")]
    private static partial Regex Varying();
}
