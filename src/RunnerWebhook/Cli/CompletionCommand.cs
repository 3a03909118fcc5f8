using System.CommandLine;
using System.Text;

namespace RunnerWebhook.Cli;

/// <summary><c>completion</c>: the script by which a shell completes command lines of this program. The script asks the
/// program, so it fits every release.</summary>
internal sealed class CompletionCommand : Verb
{
    private static readonly string[] Shells = ["bash", "zsh", "fish"];

    private readonly Argument<string> _shell =
        new("shell") { Description = "The shell", HelpName = string.Join('|', Shells) };

    public CompletionCommand(Terminal terminal) : base("completion", "Print the script that completes command lines, as in: "
        + "source <(runner-webhook completion bash)", terminal)
    {
        _shell.AcceptOnlyFromAmong(Shells);
        Arguments.Add(_shell);
    }

    protected override async Task<int> Run(ParseResult result, CancellationToken cancellation)
    {
        using var stream = typeof(CompletionCommand).Assembly
            .GetManifestResourceStream($"completion.{result.GetValue(_shell)}")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        Terminal.Print(await reader.ReadToEndAsync(cancellation));
        return ExitCode.Fine;
    }
}
