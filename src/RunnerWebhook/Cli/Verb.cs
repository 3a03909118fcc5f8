using System.CommandLine;
using System.Net.Sockets;
using RunnerWebhook.Core.Workloads;
using RunnerWebhook.GitLab;
using RunnerWebhook.Kubernetes;
using RunnerWebhook.Tokens;

namespace RunnerWebhook.Cli;

/// <summary>A command that does something: options are its fields, <see cref="Run"/> does the work. Every failure is an
/// exception, and becomes a message and an exit code here.</summary>
internal abstract class Verb : Command
{
    /// <param name="name">The name.</param>
    /// <param name="description">What it does, for <c>--help</c>.</param>
    /// <param name="terminal">Where it reads and writes.</param>
    protected Verb(string name, string description, Terminal terminal) : base(name, description)
    {
        Terminal = terminal;
        SetAction(RunOrFail);
    }

    /// <summary>Where it reads and writes.</summary>
    protected Terminal Terminal { get; }

    /// <summary>Does the work and returns an <see cref="ExitCode"/>.</summary>
    protected abstract Task<int> Run(ParseResult result, CancellationToken cancellation);

    /// <summary>Takes options.</summary>
    protected void Add(params ReadOnlySpan<Option> options)
    {
        foreach (var option in options)
        {
            Options.Add(option);
        }
    }

    private async Task<int> RunOrFail(ParseResult result, CancellationToken cancellation)
    {
        try
        {
            return await Run(result, cancellation);
        }
        catch (CommandException e)
        {
            Terminal.List(e.Mistakes);
            return e.Message.Length == 0 ? e.ExitCode : Fail(e.ExitCode, e);
        }
        catch (ApiException e) when (e.Problem == ApiProblem.NotConfigured)
        {
            return Fail(ExitCode.Usage, e);
        }
        catch (Exception e) when (e is ApiException or GitLabException or TokenException or IOException
            or UnauthorizedAccessException or SocketException or OutOfMemoryException)
        {
            return Fail(ExitCode.Failed, e);
        }
#pragma warning disable CA1031 // People get a sentence and an exit code for a bug, too, and can report it.
        catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
        {
            Terminal.Say($"this is a bug in {WellKnown.Program}: please report it with this line: {e}");
            return ExitCode.Failed;
        }
    }

    private int Fail(int exitCode, Exception e)
    {
        Terminal.Say(e.Message);
        return exitCode;
    }
}
