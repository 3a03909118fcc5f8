using System.CommandLine;
using RunnerWebhook.Playground;

namespace RunnerWebhook.Cli;

/// <summary><c>playground</c>: a page on this machine to try manifests and configurations.</summary>
internal sealed class PlaygroundCommand : Verb
{
    private readonly Option<int> _port =
        CommandOption.Number("--port", "The port on 127.0.0.1; 0 for any that is free", 8484, 0, 65535);

    public PlaygroundCommand(Terminal terminal)
        : base("playground", "Try manifests and configurations on a page that only this machine can open", terminal) =>
        Add(_port);

    protected override async Task<int> Run(ParseResult result, CancellationToken cancellation)
    {
        await using var app = PlaygroundServer.Build(result.GetValue(_port));
        await app.StartAsync(cancellation);
        Terminal.Say($"the playground is at {app.Urls.Single()}/ until you press Ctrl-C; it stores nothing");
        await app.WaitForShutdownAsync(cancellation);
        return ExitCode.Fine;
    }
}
