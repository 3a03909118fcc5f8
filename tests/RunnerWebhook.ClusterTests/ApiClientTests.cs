using System.Text.Json.Nodes;
using RunnerWebhook.ClusterTests.ControlPlane;
using RunnerWebhook.Kubernetes;
using Xunit;

namespace RunnerWebhook.ClusterTests;

/// <summary>The client of the API server, against a real one.</summary>
public sealed class ApiClientTests(Cluster cluster)
{
    private static readonly Func<string, string?> NoEnvironment = _ => null;

    [Fact]
    public async Task Objects_CreateToDelete_KeepUnknownFieldsAndRefuseTheSlower()
    {
        cluster.Require();
        using var client = ClusterConnection.Open(new(cluster.Kubeconfig), Environment.GetEnvironmentVariable);
        var space = await cluster.CreateNamespace();
        var cancellation = TestContext.Current.CancellationToken;

        Assert.Null(await client.Find(ApiResource.Secrets, space, "one", cancellation));
        var created = (await client.Create(ApiResource.Secrets, space, Secret("one", "YQ=="), null, cancellation)).Body;
        var stale = JsonNode.Parse(created.GetRawText())!;
        await client.Apply(ApiResource.Secrets, space, "one", Secret("one", "Yg=="), new() { Force = true }, cancellation);
        var conflict = await Assert.ThrowsAsync<ApiException>(() =>
            client.Replace(ApiResource.Secrets, space, "one", stale, null, cancellation));
        var twice = await Assert.ThrowsAsync<ApiException>(() =>
            client.Create(ApiResource.Secrets, space, Secret("one", "YQ=="), null, cancellation));
        var found = await client.Find(ApiResource.Secrets, space, "one", cancellation);
        await client.Delete(ApiResource.Secrets, space, "one", cancellation);

        Assert.Equal(ApiProblem.Conflict, conflict.Problem);
        Assert.Equal(ApiProblem.Conflict, twice.Problem);
        Assert.Equal("""{"key":"Yg=="}""", found!.Value.GetProperty("data").GetRawText().Replace(" ", "", StringComparison.Ordinal));
        Assert.Null(await client.Find(ApiResource.Secrets, space, "one", cancellation));
    }

    [Fact]
    public async Task List_SmallPagesOfMetadata_HasEveryObjectAndNoContent()
    {
        cluster.Require();
        using var client = ClusterConnection.Open(new(cluster.Kubeconfig), Environment.GetEnvironmentVariable);
        var space = await cluster.CreateNamespace();
        for (var i = 0; i < 7; i++)
        {
            await client.Create(ApiResource.Secrets, space, Secret($"s{i}", "YQ=="), null, TestContext.Current.CancellationToken);
        }

        var list = await client.List(ApiResource.Secrets, space, new() { Labels = "for=test", PageSize = 3, MetadataOnly = true }, TestContext.Current.CancellationToken);

        Assert.Equal(["s0", "s1", "s2", "s3", "s4", "s5", "s6"], list.Items.Select(item => item.GetProperty("metadata").GetProperty("name").GetString()));
        Assert.DoesNotContain(list.Items, item => item.TryGetProperty("data", out _));
    }

    [Fact]
    public async Task Watch_FromAList_TellsWhatComesAfterIt()
    {
        cluster.Require();
        using var client = ClusterConnection.Open(new(cluster.Kubeconfig), Environment.GetEnvironmentVariable);
        var space = await cluster.CreateNamespace();
        var cancellation = TestContext.Current.CancellationToken;
        var options = new ListOptions { Fields = "metadata.name=one" };
        var list = await client.List(ApiResource.Secrets, space, options, cancellation);
        await client.Create(ApiResource.Secrets, space, Secret("other", "YQ=="), null, cancellation);
        await client.Create(ApiResource.Secrets, space, Secret("one", "YQ=="), null, cancellation);
        await client.Delete(ApiResource.Secrets, space, "one", cancellation);

        var events = new List<string>();
        await foreach (var change in client.Watch(ApiResource.Secrets, space, options, list.ResourceVersion, cancellation))
        {
            events.Add(change.Type + ' ' + change.Object.GetProperty("metadata").GetProperty("name").GetString());
            if (change.Type == "DELETED")
            {
                break;
            }
        }

        Assert.Equal(["ADDED one", "DELETED one"], events);
    }

    [Fact]
    public async Task Token_OfAServiceAccount_IsTakenAndItsMissingRightNamed()
    {
        cluster.Require();
        var space = await cluster.CreateNamespace();
        using var pod = new PodFolder(await cluster.Kubectl.Token(space), cluster.CaPem, space);
        using var client = new ApiClient(ClusterConnection.Find(new(), PodFolder.Environment(cluster.Server), pod.Path));

        var denied = await Assert.ThrowsAsync<ApiException>(() => client.Find(ApiResource.Secrets, space, "one", TestContext.Current.CancellationToken));
        var may = await client.May("get", ApiResource.Secrets, space, "one", TestContext.Current.CancellationToken);
        pod.WriteToken("garbled");
        var unknown = await Assert.ThrowsAsync<ApiException>(() => client.Get("version", TestContext.Current.CancellationToken));
        pod.WriteToken(await cluster.Kubectl.Token(space));
        var version = await client.Get("version", TestContext.Current.CancellationToken);

        Assert.Equal(space, client.Namespace);
        Assert.Equal(ApiProblem.Forbidden, denied.Problem);
        Assert.Equal($"a right is missing: secrets \"one\" is forbidden: User \"system:serviceaccount:{space}:default\" cannot get resource \"secrets\" "
            + $"in API group \"\" in the namespace \"{space}\" (GET api/v1/namespaces/{space}/secrets/one: 403)", denied.Message);
        Assert.False(may);
        Assert.Equal(ApiProblem.Unauthorized, unknown.Problem);
        Assert.Contains("doesn't accept the credentials of the pod's service account", unknown.Message);
        Assert.StartsWith("v1.", version.GetProperty("gitVersion").GetString());
    }

    [Fact]
    public async Task Server_OfAnotherName_IsNotTrusted()
    {
        cluster.Require();
        var credentials = ClusterConnection.Find(new(cluster.Kubeconfig), NoEnvironment);
        using var client = new ApiClient(credentials with { ServerName = "another.example.com" });

        var problem = await Assert.ThrowsAsync<ApiException>(() => client.Get("version", TestContext.Current.CancellationToken));

        Assert.Equal(ApiProblem.Unreachable, problem.Problem);
        Assert.Contains("RemoteCertificateNameMismatch", problem.Message);
    }

    [Fact]
    public async Task Server_ThatIsNotThere_IsUnreachable()
    {
        cluster.Require();
        var credentials = ClusterConnection.Find(new(cluster.Kubeconfig), NoEnvironment);
        using var client = new ApiClient(credentials with { Server = new("https://127.0.0.1:1/") });

        var problem = await Assert.ThrowsAsync<ApiException>(() => client.Get("version", TestContext.Current.CancellationToken));

        Assert.Equal(ApiProblem.Unreachable, problem.Problem);
        Assert.StartsWith($"the API server https://127.0.0.1:1/ (context admin of {cluster.Kubeconfig}) can't be reached: Connection refused", problem.Message);
    }

    private static JsonObject Secret(string name, string value) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Secret",
        ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = new JsonObject { ["for"] = "test" } },
        ["data"] = new JsonObject { ["key"] = value },
    };
}
