using System.Collections.Immutable;

namespace RunnerWebhook.Cli;

/// <summary>Ends a command with a message and an exit code; <see cref="Verb"/> prints the one and returns the other.</summary>
internal sealed class CommandException : Exception
{
    private CommandException(int exitCode, string message, Exception? inner = null)
        : base(message, inner) => ExitCode = exitCode;

    /// <summary>See <see cref="Cli.ExitCode"/>.</summary>
    public int ExitCode { get; }

    /// <summary>Lines that name their own file and position; printed before the message. Empty without.</summary>
    public ImmutableArray<string> Mistakes { get; private init; } = [];

    /// <summary>An option is wrong, or a file can't be read.</summary>
    public static CommandException Usage(string message) => new(Cli.ExitCode.Usage, message);

    /// <summary>The command can't do what it was asked.</summary>
    public static CommandException Failed(string message) => new(Cli.ExitCode.Failed, message);

    /// <summary>The configuration file has mistakes.</summary>
    public static CommandException Invalid(IEnumerable<string> mistakes) =>
        new(Cli.ExitCode.Usage, "") { Mistakes = [.. mistakes] };

    /// <summary>Writes files that the command line names; files that can't be written are wrong usage.</summary>
    public static void Writing(Action write) => Reading(write);

    /// <summary>Reads files that the command line names; files that can't be read are wrong usage.</summary>
    public static void Reading(Action read) => Reading(() =>
    {
        read();
        return true;
    });

    /// <summary>Reads a file that the command line names; a file that can't be read is wrong usage.</summary>
    /// <param name="read">Reads it.</param>
    /// <param name="option">The option that names the file, for the message; empty if the message names the file.</param>
    public static T Reading<T>(Func<T> read, string option = "")
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(Cli.ExitCode.Usage, option.Length == 0 ? e.Message : $"{option}: {e.Message}", e);
        }
    }
}
