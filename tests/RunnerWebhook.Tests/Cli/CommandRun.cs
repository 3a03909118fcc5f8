using System.Text;
using RunnerWebhook.Cli;

namespace RunnerWebhook.Tests.Cli;

/// <summary>One run of the command line.</summary>
internal sealed record CommandRun(int ExitCode, string Output, string Error)
{
    public static Task<CommandRun> Of(params string[] arguments) => WithInput("", arguments);

    public static Task<CommandRun> WithInput(string input, params string[] arguments) =>
        With(terminal => terminal, input, arguments);

    /// <summary>A run before another terminal, or in another environment.</summary>
    public static async Task<CommandRun> With(Func<Terminal, Terminal> change, string input, params string[] arguments)
    {
        using var stdin = new MemoryStream(Encoding.UTF8.GetBytes(input));
        await using var output = new StringWriter { NewLine = "\n" };
        await using var error = new StringWriter { NewLine = "\n" };
        var exitCode = await CommandLine.Run(arguments, change(new(stdin, output, error)));
        return new(exitCode, output.ToString(), error.ToString());
    }
}
