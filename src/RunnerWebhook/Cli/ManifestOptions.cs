using System.Collections.Immutable;
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

    /// <summary>Reads the manifests.</summary>
    /// <exception cref="CommandException">One can't be read.</exception>
    public ManifestSource[] Read(ParseResult result, Terminal terminal) => CommandException.Reading(() =>
        Find(result, terminal).Select(read => read()).ToArray());

    /// <summary>Finds the manifests; each is read when it is asked for.</summary>
    /// <exception cref="CommandException">A folder can't be read.</exception>
    public ImmutableArray<Func<ManifestSource>> Find(ParseResult result, Terminal terminal) => CommandException.Reading(() =>
        ManifestSource.Find(result.GetValue(Files)!, result.GetValue(Recursive), terminal.Input).ToImmutableArray());
}
