using System.Text.Json.Nodes;
using RunnerWebhook.GitLab;

namespace RunnerWebhook.Tokens;

/// <summary>The token as a Secret on standard output.</summary>
/// <param name="place">The Secret.</param>
/// <param name="print">Prints it.</param>
internal sealed class PrintedSecret(TokenSecretPlace place, Action<JsonObject> print) : ITokenDestination
{
    public string Intent => "print its Secret";

    public Task<string> Reuse(RunnerEntry runner, CancellationToken cancellation) => throw new TokenException(
        $"{runner} already exists, and GitLab shows a token only once: give it a new one with "
        + $"runner-webhook token rotate --id {runner.Id} --print");

    public Task Rehearse(RunnerEntry? runner, GitLabClient client, CancellationToken cancellation) => Task.CompletedTask;

    public Task<string> Keep(long runnerId, string token, CancellationToken cancellation)
    {
        print(TokenSecret.Manifest(place, runnerId, token));
        return Task.FromResult("the runner's token is on standard output, as asked: keep it out of logs and shell history");
    }

    public void Dispose()
    {
    }
}
