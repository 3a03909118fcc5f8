using System.CommandLine;
using System.Text;

namespace RunnerWebhook.Cli;

/// <summary><c>completion</c>: the script by which a shell completes this program's command lines. It asks the program itself,
/// and so fits whichever release is there.</summary>
internal static class CompletionCommand
{
    private static readonly string[] Shells = ["bash", "zsh", "fish"];

    /// <summary>The command <c>completion</c>.</summary>
    public static Command Create(Terminal terminal)
    {
        var shell = new Argument<string>("shell") { Description = "The shell", HelpName = string.Join('|', Shells) };
        shell.AcceptOnlyFromAmong(Shells);
        var command = new Command("completion", "Print the script that completes command lines, as in: "
            + "source <(runner-webhook completion bash)") { shell };
        command.SetAction(result =>
        {
            terminal.Output.Write(Script(result.GetValue(shell)!));
            terminal.Output.Flush();
        });
        return command;
    }

    private static string Script(string shell)
    {
        using var stream = typeof(CompletionCommand).Assembly.GetManifestResourceStream($"completion.{shell}")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
