using System.Globalization;
using RunnerWebhook.Core.Json;

namespace RunnerWebhook.Configuration;

/// <summary>What is wrong with a configuration, or suspicious in one that is valid, and where.</summary>
/// <param name="Line">The line, counted from 1.</param>
/// <param name="Column">The column in UTF-16 code units, counted from 1.</param>
/// <param name="Field">The field's path; empty if it is about the text and no field.</param>
/// <param name="Problem">What is wrong and what to do.</param>
internal sealed record ConfigurationMistake(int Line, int Column, string Field, string Problem)
{
    /// <summary>The field's path, in one line.</summary>
    public string Field { get; init; } = OneLine.Of(Field);

    /// <summary>What is wrong and what to do, in one line.</summary>
    public string Problem { get; init; } = OneLine.Of(Problem);

    /// <summary>The mistake in one line.</summary>
    /// <param name="file">The file's name.</param>
    /// <param name="kind">What comes before it, as in <c>warning: </c>.</param>
    public string In(string file, string kind = "") => string.Create(CultureInfo.InvariantCulture,
        $"{file}:{Line}:{Column}: {kind}{(Field.Length > 0 ? $"{Field}: " : "")}{Problem}");
}
