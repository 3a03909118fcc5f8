using RunnerWebhook.Certificates;
using RunnerWebhook.Kubernetes;
using Xunit;

namespace RunnerWebhook.Tests.Kubernetes;

/// <summary>Which cluster is found, and what is said where none is.</summary>
public sealed class ClusterConnectionTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("runner-webhook-kube").FullName;
    private readonly Dictionary<string, string> _environment = [];

    public ClusterConnectionTests() => _environment["HOME"] = _folder;

    [Fact]
    public void Find_NothingConfigured_SaysWhatToDo() =>
        Assert.Equal("no cluster is configured: name a kubeconfig with --kubeconfig or KUBECONFIG, or run in a pod whose "
            + "service account's token is mounted", Problem(new()));

    [Fact]
    public void Find_NamedFileMissing_NamesIt() =>
        Assert.Equal("there is no kubeconfig /does/not/exist", Problem(new("/does/not/exist")));

    [Fact]
    public async Task Find_FilesOfKubeconfig_AreMergedAndTheFirstWins()
    {
        Write("a", Kubeconfig("https://a.example.com:6443", "alpha", "token: ta"));
        Write("b", Kubeconfig("https://b.example.com/prefix", "beta", "{username: user, password: word}"));
        _environment["KUBECONFIG"] = $"{PathOf("missing")}:{PathOf("a")}:{PathOf("b")}";

        using var current = Find(new());
        using var other = Find(new(Context: "beta", Namespace: "mine"));

        Assert.Equal("https://a.example.com:6443/", current.Server.ToString());
        Assert.Equal("space-alpha", current.Namespace);
        Assert.Equal("Bearer ta", (await current.Authorization!(TestContext.Current.CancellationToken))!.ToString());
        Assert.Equal("https://b.example.com/prefix/", other.Server.ToString());
        Assert.Equal("mine", other.Namespace);
        Assert.Equal("Basic dXNlcjp3b3Jk", (await other.Authorization!(TestContext.Current.CancellationToken))!.ToString());
        Assert.Equal($"context beta of {PathOf("a")}, {PathOf("b")}", other.Source);
    }

    [Fact]
    public void Find_FileOfTheHomeFolder_IsTaken()
    {
        Write(".kube/config", Kubeconfig("https://home.example.com", "home", "token: t"));

        using var found = Find(new());

        Assert.Equal("https://home.example.com/", found.Server.ToString());
    }

    [Fact]
    public void Find_UnknownContext_ListsTheKnown()
    {
        Write("a", Kubeconfig("https://a.example.com", "alpha", "token: t"));

        Assert.Equal($"{PathOf("a")} has no context 'beta': it has alpha", Problem(new(PathOf("a"), "beta")));
    }

    [Theory]
    [InlineData("{", "can't be used as a kubeconfig: ")]
    [InlineData("", "is empty")]
    [InlineData("# nothing\n", "is empty")]
    [InlineData("[1, 2]", "can't be used as a kubeconfig: ")]
    [InlineData("contexts: [null]\nclusters: [null]\nusers: [null]\ncurrent-context: a\n", "has no context 'a': it has none")]
    [InlineData("contexts: null\ncurrent-context: a\n", "has no context 'a': it has none")]
    [InlineData("contexts: [{name: a, context: {cluster: b}}]\ncurrent-context: a\nclusters: [{name: b}]\n", "there is no cluster 'b' with a server, as context 'a' needs")]
    [InlineData("contexts: [{name: a, context: {cluster: b}}]\ncurrent-context: a\nclusters: [{name: b, cluster: {}}]\n", "there is no cluster 'b' with a server")]
    [InlineData("contexts: [{name: a, context: {cluster: b, user: c}}]\ncurrent-context: a\nclusters: [{name: b, cluster: {server: \"https://x\"}}]\nusers: [{name: c}]\n", "there is no user 'c' with credentials, as context 'a' needs")]
    [InlineData("apiVersion: v1\nkind: Config\n", "names no current context: name one with --context (it has none)")]
    [InlineData("apiVersion: v1\nkind: Config\ncurrent-context: a\ncontexts: [{name: a, context: {cluster: b, user: c}}]\n", "can't be used as a kubeconfig: there is no cluster 'b' with a server, as context 'a' needs")]
    [InlineData("apiVersion: v1\nkind: Config\ncurrent-context: a\ncontexts: [{name: a}]\n", "can't be used as a kubeconfig: context 'a' names no cluster")]
    public void Find_BrokenFile_IsNamed(string content, string problem)
    {
        Write("a", content);

        var message = Problem(new(PathOf("a")));

        Assert.StartsWith(PathOf("a"), message);
        Assert.Contains(problem, message);
    }

    [Fact]
    public async Task Find_PluginForCredentials_IsRun()
    {
        Write("a", Kubeconfig("https://a.example.com", "alpha", """
            {exec: {apiVersion: client.authentication.k8s.io/v1, command: sh, interactiveMode: Never,
            args: [plugin.sh], env: [{name: WHO, value: me}]}}
            """.ReplaceLineEndings(" ").Replace("plugin.sh", PathOf("plugin.sh"), StringComparison.Ordinal)));
        Write("plugin.sh", """
            echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"for-'$WHO'"}}'
            """);

        using var found = Find(new(PathOf("a")));

        Assert.Equal("Bearer for-me", (await found.Authorization!(TestContext.Current.CancellationToken))!.ToString());
    }

    [Fact]
    public async Task Find_InAPod_TakesItsServiceAccountAndEachDaysToken()
    {
        using var authority = CertificateAuthority.Create(DateTimeOffset.UtcNow, TimeSpan.FromDays(1));
        Write("pod/ca.crt", authority.Pair.CertificatePem + authority.Pair.CertificatePem);
        Write("pod/namespace", "runner-webhook");
        Write("pod/token", "first\n");
        (_environment["KUBERNETES_SERVICE_HOST"], _environment["KUBERNETES_SERVICE_PORT"]) = ("fd00::1", "443");

        using var found = Find(new());
        var first = (await found.Authorization!(TestContext.Current.CancellationToken))!.ToString();
        Write("pod/token", "second\n");
        var second = (await found.Authorization!(TestContext.Current.CancellationToken))!.ToString();

        Assert.Equal("https://[fd00::1]/", found.Server.ToString());
        Assert.Equal("runner-webhook", found.Namespace);
        Assert.Equal(("Bearer first", "Bearer second"), (first, second));
        Assert.Equal(2, found.Authorities!.Count);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Kubeconfig(string server, string context, string user) => $"""
        apiVersion: v1
        kind: Config
        current-context: {context}
        clusters: [{"{"}name: c-{context}, cluster: {"{"}server: "{server}", insecure-skip-tls-verify: true{"}}"}]
        users:
          - name: u-{context}
            user: {(user[0] == '{' ? user : $"{{{user}}}")}
        contexts: [{"{"}name: {context}, context: {"{"}cluster: c-{context}, user: u-{context}, namespace: space-{context}{"}}"}]
        """;

    private ClusterCredentials Find(ClusterChoice choice) =>
        ClusterConnection.Find(choice, name => _environment.GetValueOrDefault(name), PathOf("pod"));

    private string Problem(ClusterChoice choice)
    {
        var exception = Assert.Throws<ApiException>(() => Find(choice));
        Assert.Equal(ApiProblem.NotConfigured, exception.Problem);
        return exception.Message;
    }

    private string PathOf(string file) => Path.Combine(_folder, file);

    private void Write(string file, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(file))!);
        File.WriteAllText(PathOf(file), content);
    }
}
