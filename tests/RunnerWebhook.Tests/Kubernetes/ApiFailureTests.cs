using System.Net;
using System.Text;
using System.Text.Json;
using RunnerWebhook.Kubernetes;
using Xunit;

namespace RunnerWebhook.Tests.Kubernetes;

/// <summary>What is said of calls that fail.</summary>
public sealed class ApiFailureTests
{
    [Theory]
    [InlineData(400, "Refused", "the API server refused it: because (PUT api/v1/x: 400)")]
    [InlineData(401, "Unauthorized", "the API server doesn't accept the credentials of context c of k (PUT api/v1/x: 401 because): have they expired?")]
    [InlineData(403, "Forbidden", "a right is missing: because (PUT api/v1/x: 403)")]
    [InlineData(404, "NotFound", "because (PUT api/v1/x: 404)")]
    [InlineData(409, "Conflict", "because (PUT api/v1/x: 409)")]
    [InlineData(410, "Expired", "because (PUT api/v1/x: 410)")]
    [InlineData(429, "Unreachable", "the API server is not able to answer now: because (PUT api/v1/x: 429)")]
    [InlineData(500, "Refused", "the API server refused it: because (PUT api/v1/x: 500)")]
    [InlineData(503, "Unreachable", "the API server is not able to answer now: because (PUT api/v1/x: 503)")]
    public void Read_AStatus_TellsTheProblemWithoutTheQuery(int status, string problem, string message)
    {
        var body = Encoding.UTF8.GetBytes("""{"kind":"Status","message":"because"}""");

        var failure = ApiFailure.Read(HttpMethod.Put, "api/v1/x?secret=1", "context c of k", (HttpStatusCode)status, body);

        Assert.Equal((problem, message), (failure.Problem.ToString(), failure.Message));
    }

    [Theory]
    [InlineData("<html>no</html>", "<html>no</html>")]
    [InlineData("{}", "no reason given")]
    [InlineData("[1]", "no reason given")]
    [InlineData("", "no reason given")]
    public void Read_NoStatus_TellsWhatThereIs(string body, string message) =>
        Assert.Equal($"{message} (GET x: 404)",
            ApiFailure.Read(HttpMethod.Get, "x", "s", HttpStatusCode.NotFound, Encoding.UTF8.GetBytes(body)).Message);

    [Fact]
    public void Read_EndOfAWatch_IsExpired() =>
        Assert.Equal(ApiProblem.Expired, ApiFailure.Read(HttpMethod.Get, "x", "s",
            JsonElement.Parse("""{"kind":"Status","code":410,"message":"too old resource version"}""")).Problem);
}
