using System.Text;
using RunnerWebhook;
using RunnerWebhook.Cli;

// Manifests go in and out as UTF-8 without a byte order mark of ours. Commands flush what they print: disposing the writer
// would throw again what they have reported, as on a full disk.
var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
var output = new StreamWriter(Console.OpenStandardOutput(), utf8);
await using var error = new StreamWriter(StandardStream.IsErrorOpen ? Console.OpenStandardError() : Stream.Null, utf8)
{
    AutoFlush = true,
};
var terminal = new Terminal(StandardStream.IsInputOpen ? Console.OpenStandardInput() : Stream.Null, output, error)
{
    Ask = Console.IsInputRedirected ? null : ConsolePrompt.Ask,
    IsInteractive = !Console.IsOutputRedirected,
    ShowsProgress = !Console.IsErrorRedirected,
};
// The server needs none: its log is lost then, and nothing else.
if (!StandardStream.IsOutputOpen && args is not ["serve", ..])
{
    terminal.Say("standard output is closed");
    return ExitCode.Failed;
}

var exitCode = await CommandLine.Run(args, terminal);
try
{
    await output.FlushAsync();
    return exitCode;
}
catch (Exception e) when (e is IOException or UnauthorizedAccessException)
{
    if (exitCode == ExitCode.Fine)
    {
        terminal.Say(e.Message);
    }

    return exitCode == ExitCode.Fine ? ExitCode.Failed : exitCode;
}
