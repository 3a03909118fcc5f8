using System.Text;
using RunnerWebhook.Cli;

// Manifests go in and out as UTF-8 without a byte order mark of ours.
var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
await using var output = new StreamWriter(Console.OpenStandardOutput(), utf8);
await using var error = new StreamWriter(Console.OpenStandardError(), utf8) { AutoFlush = true };
return await CommandLine.Run(args, new(Console.OpenStandardInput(), output, error)
{
    Ask = Console.IsInputRedirected ? null : ConsolePrompt.Ask,
    IsInteractive = !Console.IsOutputRedirected,
});
