using System.CommandLine;
using RunnerWebhook.Manifests;

namespace RunnerWebhook.Cli;

/// <summary>The options by which a command takes manifests.</summary>
internal sealed class ManifestOptions
{
    /// <summary><c>--filename</c>.</summary>
    public Option<string[]> Files { get; } = new("--filename", "-f")
    {
        Description = "A file, a folder, or - for standard input; may be repeated",
        HelpName = "FILE|DIR|-",
        Required = true,
    };

    /// <summary><c>--recursive</c>.</summary>
    public Option<bool> Recursive { get; } = new("--recursive", "-R") { Description = "Read the subfolders of a folder too" };

    /// <summary>Reads the manifests; null, and a message, where one can't be read.</summary>
    public ManifestSource[]? Read(ParseResult result, Terminal terminal)
    {
        try
        {
            return [.. ManifestSource.Read(result.GetValue(Files)!, result.GetValue(Recursive), terminal.Input)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            terminal.Error.WriteLine($"runner-webhook: {e.Message}");
            return null;
        }
    }
}
