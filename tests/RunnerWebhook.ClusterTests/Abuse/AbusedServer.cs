using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using RunnerWebhook.Tests;

namespace RunnerWebhook.ClusterTests.Abuse;

/// <summary>The server as cases see it: a port, and a review that it would answer.</summary>
/// <param name="Port">The port of the webhook.</param>
internal sealed partial record AbusedServer(int Port)
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(1);

    /// <summary>A review as an API server sends it, as a file.</summary>
    public static string ReviewFile { get; } = Path.Combine(Webhook.Repository, "tests", "admission-reviews", "v1.36.2", "pod-create.json");

    /// <summary>A review as an API server sends it.</summary>
    public static string Review { get; } = Encoding.Latin1.GetString(File.ReadAllBytes(ReviewFile));

    /// <summary>A request over HTTP/1.1.</summary>
    /// <param name="body">The body.</param>
    /// <param name="headers">Further headers, each with its line end.</param>
    /// <param name="target">The request's target.</param>
    public static string Post(string body, string headers = "", string target = "/mutate") =>
        $"POST {target} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        + $"Content-Length: {body.Length.ToString(CultureInfo.InvariantCulture)}\r\n{headers}\r\n{body}";

    /// <summary>Opens a connection for HTTP/1.1.</summary>
    public Task<RawConnection> Open() => RawConnection.OpenTls(Port);

    /// <summary>Sends bytes over HTTP/1.1, and reports what came back within a second, or within a longer time.</summary>
    public async Task<string> Exchange(string request, TimeSpan? patience = null)
    {
        using var connection = await Open();
        return await Exchange(connection, request, patience);
    }

    /// <summary>Sends bytes over a connection, and reports what came back.</summary>
    public static async Task<string> Exchange(RawConnection connection, string request, TimeSpan? patience = null)
    {
        try
        {
            await connection.Send(request);
        }
        catch (IOException)
        {
            // The server has answered before all was sent.
        }

        var (text, isClosed) = await connection.ReadToEnd(patience ?? Quiet);
        return Describe(text, isClosed);
    }

    /// <summary>Sends a beginning and then one character after the other until the server answers, and reports what came
    /// back.</summary>
    /// <param name="start">The beginning.</param>
    /// <param name="next">The character.</param>
    /// <param name="pause">The time between two characters, in milliseconds.</param>
    public async Task<string> Drip(string start, string next, int pause)
    {
        using var connection = await Open();
        await connection.Send(start);
        var answer = connection.ReadToEnd(TimeSpan.FromSeconds(20));
        try
        {
            while (!answer.IsCompleted)
            {
                await connection.Send(next);
                await Task.WhenAny(answer, Task.Delay(pause));
            }
        }
        catch (IOException)
        {
            // The server has closed.
        }

        var (text, isClosed) = await answer;
        return Describe(text, isClosed);
    }

    /// <summary>The statuses of all answers, and whether the connection was closed.</summary>
    public static string Describe(string text, bool isClosed)
    {
        var statuses = Status().Matches(text).GroupBy(match => match.Groups[1].Value)
            .Select(group => group.Count() == 1 ? group.Key : $"{group.Key} × {group.Count().ToString(CultureInfo.InvariantCulture)}");
        return string.Join(", ", isClosed ? statuses.Append("closed") : statuses);
    }

    [GeneratedRegex(@"HTTP/1\.[01] (\d{3})")]
    private static partial Regex Status();
}
