using System.Collections.Immutable;
using System.Globalization;
using RunnerWebhook.Core.Settings;
using RunnerWebhook.Yaml;

namespace RunnerWebhook.Configuration;

/// <summary>Reads the configuration file, with mistakes as <c>FILE:LINE:COLUMN: field: problem</c>.</summary>
internal static class ConfigurationFile
{
    /// <summary>The longest file that is read, in characters: 1 MiB is the most that a ConfigMap holds.</summary>
    public const int MaxLength = 1024 * 1024;

    /// <summary>Reads the configuration whole.</summary>
    /// <param name="text">The file's content.</param>
    /// <param name="file">The file's name, for messages.</param>
    /// <param name="mistakes">Every mistake, one line each; empty when the result is usable.</param>
    public static RunnerConfiguration? Read(string text, string file, out ImmutableArray<string> mistakes)
    {
        if (text.Length > MaxLength)
        {
            mistakes = [At(file, 1, 1, "the file is longer than 1 MiB, the most that a ConfigMap holds")];
            return null;
        }

        if (YamlFile.Parse(text, out var errors) is not { } yaml)
        {
            mistakes = [.. errors.Select(error => At(file, error.Line, error.Column, error.Message))];
            return null;
        }

        if (yaml.Documents.Length != 1)
        {
            mistakes = [At(file, 1, 1, string.Create(CultureInfo.InvariantCulture,
                $"the file must hold one document, but holds {yaml.Documents.Length}"))];
            return null;
        }

        var document = yaml.Documents[0];
        var configuration = ConfigurationReader.Read(
            document.Json, place => document.PositionOf(place).Line, out var wrong);
        mistakes = [.. wrong.Select(error => (Error: error, At: document.PositionOf(error.Path, error.Key)))
            .OrderBy(found => found.At)
            .Select(found => At(file, found.At.Line, found.At.Column, found.Error.ToString()))];
        return configuration;
    }

    private static string At(string file, int line, int column, string problem) =>
        string.Create(CultureInfo.InvariantCulture, $"{file}:{line}:{column}: {problem}");
}
