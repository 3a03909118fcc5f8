using System.Collections.Immutable;

namespace RunnerWebhook.FakeGitLab;

/// <summary>A request as it came in.</summary>
/// <param name="Method">The method.</param>
/// <param name="Path">The path with its query, as it stood in the request line.</param>
/// <param name="Headers">The headers; case of names does not matter.</param>
/// <param name="Body">The body as text.</param>
/// <param name="Status">What was answered.</param>
public sealed record ReceivedRequest(
    string Method, string Path, ImmutableSortedDictionary<string, string> Headers, string Body, int Status);
