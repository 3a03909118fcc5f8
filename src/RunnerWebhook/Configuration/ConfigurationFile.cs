using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Unicode;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Settings;
using RunnerWebhook.Core.Workloads;
using RunnerWebhook.Yaml;

namespace RunnerWebhook.Configuration;

/// <summary>Reads the configuration file, with mistakes as <c>FILE:LINE:COLUMN: field: problem</c>.</summary>
internal static class ConfigurationFile
{
    /// <summary>The longest file that is read, in bytes: 1 MiB is the most that a ConfigMap holds.</summary>
    public const int MaxLength = 1024 * 1024;

    // Enough to see what is wrong; a log line with all mistakes of a file that is no configuration would be megabytes.
    private const int MaxMistakes = 100;

    /// <summary>The bytes of a file, but no more than it takes to see that it is too long.</summary>
    /// <exception cref="IOException">The file can't be read.</exception>
    public static byte[] ReadBytes(string file)
    {
        using var stream = File.OpenRead(file);
        return ReadBytes(stream);
    }

    /// <summary>The bytes of a stream, but no more than it takes to see that it is too long.</summary>
    public static byte[] ReadBytes(Stream stream) => InputFile.Begin(stream, MaxLength);

    /// <summary>Reads the configuration whole.</summary>
    /// <param name="content">The file's content.</param>
    /// <param name="file">The file's name, for messages.</param>
    /// <param name="mistakes">Every mistake, one line each; empty when the result is usable.</param>
    public static RunnerConfiguration? Read(ReadOnlySpan<byte> content, string file, out ImmutableArray<string> mistakes)
    {
        var parsed = Parse(content);
        mistakes = [.. parsed.Mistakes.Select(mistake => mistake.In(file))];
        return parsed.Configuration;
    }

    /// <inheritdoc cref="Read(ReadOnlySpan{byte}, string, out ImmutableArray{string})"/>
    public static RunnerConfiguration? Read(string content, string file, out ImmutableArray<string> mistakes) =>
        Read(Encoding.UTF8.GetBytes(content), file, out mistakes);

    /// <summary>Reads the configuration whole, and keeps what it is written in.</summary>
    /// <param name="content">The file's content.</param>
    public static ConfigurationText Parse(ReadOnlySpan<byte> content)
    {
        if (content.Length > MaxLength)
        {
            return Unreadable(1, 1, "the file is longer than 1 MiB, the most that a ConfigMap holds");
        }

        if (content is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
        {
            return Unreadable(1, 1, "the file is UTF-16: save it as UTF-8");
        }

        if (!Utf8.IsValid(content))
        {
            var (line, column) = FirstInvalid(content);
            return Unreadable(line, column, "a byte that is not UTF-8: save the file as UTF-8");
        }

        if (YamlFile.Parse(Encoding.UTF8.GetString(content), out var errors) is not { } yaml)
        {
            return new(null, null,
                [.. errors.Select(error => new ConfigurationMistake(error.Line, error.Column, "", error.Message))]);
        }

        return yaml.Documents switch
        {
            [] => Unreadable(1, 1, $"the file holds nothing; it begins with apiVersion: {RunnerConfiguration.ApiVersion}"),
            [var document] => Parse(document),
            [_, var second, ..] => SecondDocument(second),
        };
    }

    private static ConfigurationText Parse(YamlDocument document)
    {
        var configuration = ConfigurationReader.Read(
            document.Json, place => document.PositionOf(place).Line, out var wrong);
        var mistakes = wrong.Take(MaxMistakes).Select(error => At(document, error)).OrderBy(found => (found.Line, found.Column));
        var rest = wrong.Length - MaxMistakes;
        return new(configuration, document, rest <= 0 ? [.. mistakes] :
        [
            .. mistakes,
            At(document, wrong[MaxMistakes]) with
            {
                Field = "",
                Problem = string.Create(CultureInfo.InvariantCulture, $"from here on {rest} further mistakes, or more"),
            },
        ]);
    }

    private static ConfigurationMistake At(YamlDocument document, ConfigurationError error)
    {
        var (line, column) = document.PositionOf(error.Path, error.Key);
        return new(line, column, error.Path.Tokens.IsEmpty ? "the file" : FieldPath.Of(error.Path), error.Problem);
    }

    private static ConfigurationText SecondDocument(YamlDocument second)
    {
        var (line, column) = second.PositionOf(JsonPointer.Root);
        return Unreadable(line, column, "a second document begins here, but the file must hold one");
    }

    private static ConfigurationText Unreadable(int line, int column, string problem) =>
        new(null, null, [new(line, column, "", problem)]);

    private static (int Line, int Column) FirstInvalid(ReadOnlySpan<byte> content)
    {
        Utf8.ToUtf16(content, new char[content.Length], out var valid, out _, replaceInvalidSequences: false);
        var before = Encoding.UTF8.GetString(content[..valid]).TrimStart('\uFEFF');
        var lineStart = before.LastIndexOf('\n') + 1;
        return (before.Count(c => c == '\n') + 1, before.Length - lineStart + 1);
    }
}
