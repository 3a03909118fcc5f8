using System.Text;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Cli;

/// <summary>Where a command reads from and writes to.</summary>
/// <param name="Input">Standard input.</param>
/// <param name="Output">Standard output: the result and nothing else.</param>
/// <param name="Error">Standard error: what people read.</param>
internal sealed record Terminal(Stream Input, TextWriter Output, TextWriter Error)
{
    /// <summary>Asks a person and returns the answer; the second argument hides it. Null if it is not interactive.</summary>
    public Func<string, bool, string>? Ask { get; init; }

    /// <summary>The environment's variables.</summary>
    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;

    /// <summary>Whether standard output is a terminal that people look at.</summary>
    public bool IsInteractive { get; init; }

    /// <summary>Whether standard error is a terminal, where a line can be replaced by the next. Default false.</summary>
    public bool ShowsProgress { get; init; }

    /// <summary>Whether results are coloured: on a terminal, unless <c>NO_COLOR</c> is set or <c>TERM</c> is
    /// <c>dumb</c>.</summary>
    public bool HasColour => IsInteractive && string.IsNullOrEmpty(Environment("NO_COLOR")) && Environment("TERM") != "dumb";

    /// <summary>Prints a message to people in one line, on standard error.</summary>
    public void Say(string message) => List([$"{WellKnown.Program}: {message.ReplaceLineEndings(" ")}"]);

    /// <summary>Prints lines that name their own file and position, on standard error.</summary>
    public void List(IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            Error.WriteLine(OneLine.Of(line));
        }
    }

    /// <summary>Replaces the line that shows the progress, if standard error is a terminal; an empty one removes it.</summary>
    public void Progress(string line)
    {
        if (ShowsProgress)
        {
            Error.Write($"\r\e[K{line}");
        }
    }

    /// <summary>Prints a result, on standard output.</summary>
    /// <param name="result">The text.</param>
    /// <param name="encoding">Another encoding than UTF-8.</param>
    public void Print(string result, Encoding? encoding = null)
    {
        try
        {
            if (encoding is not null && Output is StreamWriter writer)
            {
                writer.Flush();
                writer.BaseStream.Write(encoding.GetBytes(result));
            }
            else
            {
                Output.Write(result);
            }

            Output.Flush();
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException("standard output is closed", e);
        }
    }
}
