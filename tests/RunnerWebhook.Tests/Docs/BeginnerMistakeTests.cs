using RunnerWebhook.Tests.Cli;
using Xunit;

namespace RunnerWebhook.Tests.Docs;

/// <summary>What beginners do wrong: each leads to a message that names the fix. What only a cluster shows (no Secret, no cert-manager, an old kubectl,
/// nodes without Docker, a label on a Deployment or a Namespace in the cluster) is in BrokenClusterTests, PreflightTests and ChecklistTests.</summary>
public sealed class BeginnerMistakeTests
{
    private const string Spec = """

        spec:
          containers:
            - {name: gitlab-runner, image: "gitlab/gitlab-runner:v17.5.0"}
        """;

    [Theory]
    [InlineData("the label is on a Namespace", "apiVersion: v1\nkind: Namespace\nmetadata: {name: ci, labels: {gitlab-runner: inject}}\n",
        0, "put it on each DaemonSet, or on the pod template")]
    [InlineData("the label is an annotation", "apiVersion: v1\nkind: Pod\nmetadata: {name: a, annotations: {gitlab-runner: inject}}" + Spec,
        1, "write it below metadata.labels")]
    [InlineData("the label is indented wrongly", "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  labels:\n  gitlab-runner: inject" + Spec,
        1, "indent 'gitlab-runner: inject' below metadata.labels")]
    [InlineData("the label is misspelt", "apiVersion: v1\nkind: Pod\nmetadata: {name: a, labels: {gitlab_runner: inject}}" + Spec,
        1, "the label 'gitlab_runner' asks for nothing; the label that does is 'gitlab-runner: inject'")]
    [InlineData("the label has another value", "apiVersion: v1\nkind: Pod\nmetadata: {name: a, labels: {gitlab-runner: \"yes\"}}" + Spec,
        1, "only 'inject' asks for a runner")]
    [InlineData("the annotation is misspelt", "apiVersion: v1\nkind: Pod\nmetadata: {name: a, labels: {gitlab-runner: inject}, annotations: {gitlab-runner/docker-imag: b}}" + Spec,
        1, "did you mean 'docker-image'?")]
    [InlineData("there is a second container", "apiVersion: v1\nkind: Pod\nmetadata: {name: a, labels: {gitlab-runner: inject}}\nspec: {containers: [{name: b, image: b}, {name: c, image: c}]}\n",
        1, "rename the runner's container, or name it in the annotation gitlab-runner/container")]
    [InlineData("a list is indented wrongly", "apiVersion: v1\nkind: Pod\nmetadata: {name: a, labels: {gitlab-runner: inject}}\nspec:\n  containers:\n    - name: b\n     image: b\n",
        1, "the indentation is wrong")]
    [InlineData("the kind is too old", "apiVersion: extensions/v1beta1\nkind: DaemonSet\nmetadata: {name: a, labels: {gitlab-runner: inject}}\nspec: {template: {spec: {containers: [{name: b, image: b}]}}}\n",
        1, "use apps/v1")]
    [InlineData("the kind is in small letters", "apiVersion: apps/v1\nkind: daemonset\nmetadata: {name: a, labels: {gitlab-runner: inject}}\nspec: {template: {spec: {containers: [{name: b, image: b}]}}}\n",
        1, "the kind is 'daemonset', but must be DaemonSet")]
    [InlineData("an annotation is a number", "apiVersion: v1\nkind: Pod\nmetadata: {name: a, labels: {gitlab-runner: inject}, annotations: {gitlab-runner/limit: 4}}" + Spec,
        1, "must be a string, but is a number: put it in quotes")]
    [InlineData("an annotation is a list", "apiVersion: v1\nkind: Pod\nmetadata: {name: a, labels: {gitlab-runner: inject}, annotations: {gitlab-runner/tag-list: [a, b]}}" + Spec,
        1, "must be a string, but is a list: write one text, with commas between the values")]
    [InlineData("an annotation lacks the prefix", "apiVersion: v1\nkind: Pod\nmetadata: {name: a, labels: {gitlab-runner: inject}, annotations: {tag-list: a}}" + Spec,
        0, "annotation tag-list is ignored: write gitlab-runner/tag-list")]
    [InlineData("an annotation has another prefix", "apiVersion: v1\nkind: Pod\nmetadata: {name: a, labels: {gitlab-runner: inject}, annotations: {gitlab_runner/engine: dind}}" + Spec,
        0, "annotation gitlab_runner/engine is ignored: write gitlab-runner/engine")]
    [InlineData("an annotation has a dot for the slash", "apiVersion: v1\nkind: Pod\nmetadata: {name: a, labels: {gitlab-runner: inject}, annotations: {gitlab-runner.tag-list: a}}" + Spec,
        0, "annotation gitlab-runner.tag-list is ignored: write gitlab-runner/tag-list")]
    public async Task Manifest_WithABeginnersMistake_LeadsToAMessageThatNamesTheFix(string mistake, string manifest, int exitCode, string fix)
    {
        var run = await CommandRun.WithInput(manifest, "inject", "-f", "-", "-c", Path.Combine(
            RepositoryFiles.Root, "charts-free-manifests", "samples", "config.yaml"));

        Assert.True(run.Error.Contains(fix, StringComparison.Ordinal), $"{mistake}: {run.Error}");
        Assert.Equal(exitCode, run.ExitCode);
    }

    [Theory]
    [InlineData("profiles: {default: {register: {url: gitlab.example.com}}}", "must be an http or https URL")]
    [InlineData("profiles: {default: {register: {taglist: [a]}}}", "did you mean 'tag-list'?")]
    [InlineData("profiles: {default: {token: {secret: a}}}", "unknown key; known here: secretName")]
    [InlineData("profiles: {default: {register: {url: 'https://a'}, engine: dind}}", "must be a mapping, but is a string: write {kind: dind}")]
    [InlineData("engine: {kind: dind}", "unknown key; it belongs to a profile: profiles.default.engine")]
    [InlineData("profiles: {default: {url: 'https://a'}}", "it belongs to register: profiles.default.register.url")]
    [InlineData("profiles: {default: {register: {url: 'https://a', engine: {kind: dind}}}}", "it belongs to the profile, next to register")]
    public async Task Configuration_WithABeginnersMistake_LeadsToAMessageThatNamesTheFix(string configuration, string fix)
    {
        var run = await CommandRun.WithInput("apiVersion: runner-webhook/v1\nkind: Configuration\n" + configuration, "config", "validate", "-f", "-");

        Assert.Contains(fix, run.Error);
        Assert.Equal(1, run.ExitCode);
    }

    [Fact]
    public async Task Configuration_OfAPageOfGitLab_IsWarnedOf()
    {
        var run = await CommandRun.WithInput("apiVersion: runner-webhook/v1\nkind: Configuration\n"
            + "profiles: {default: {register: {url: 'https://gitlab.example.com/api/v4', docker-image: 'a:1'}}}", "config", "validate", "-f", "-");

        Assert.Contains("profiles.default.register.url: is 'https://gitlab.example.com/api/v4', a page or the API of GitLab", run.Error + run.Output);
        Assert.Equal(0, run.ExitCode);
    }

    [Theory]
    [InlineData("base/configmap.yaml", "the configuration is the text below the key config.yaml of its data; save that as a file")]
    [InlineData("samples/daemonset.yaml", "is 'DaemonSet', but must be Configuration: this is a manifest, and no configuration")]
    public async Task Configuration_OfAnotherKind_IsNamedInOneLine(string file, string fix)
    {
        var folder = Path.Combine(RepositoryFiles.Root, "charts-free-manifests");

        var run = await CommandRun.Of("inject", "-f", Path.Combine(folder, "samples", "pod.yaml"), "-c", Path.Combine(folder, file));

        Assert.EndsWith(fix + "\n", run.Error);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
        Assert.Equal(2, run.ExitCode);
    }

    [Fact]
    public async Task Inject_WithoutAConfiguration_NamesTheOption()
    {
        var run = await CommandRun.Of("inject", "-f", Path.Combine(RepositoryFiles.Root, "charts-free-manifests", "samples", "pod.yaml"));

        Assert.Contains("the built-in configuration names no GitLab: pass yours with --config\n", run.Error);
        Assert.Equal(1, run.ExitCode);
    }

    [Fact]
    public async Task Inject_OfAKustomization_NamesTheCommandThatBuildsIt()
    {
        var folder = Path.Combine(RepositoryFiles.Root, "charts-free-manifests");

        var run = await CommandRun.Of("inject", "-f", folder, "-c", Path.Combine(folder, "samples", "config.yaml"));

        Assert.Contains($"kubectl kustomize {folder} | runner-webhook inject -f -", run.Error);
    }

    [Theory]
    [InlineData("injcet", "Unrecognized command or argument 'injcet' (did you mean 'inject'?)")]
    [InlineData("token craete", "Unrecognized command or argument 'craete' (did you mean 'create'?)")]
    [InlineData("check --namspace a", "'--namspace' (did you mean '--namespace'?)")]
    public async Task CommandLine_WithAMisspeltWord_NamesTheNearest(string line, string fix)
    {
        var run = await CommandRun.Of(line.Split(' '));

        Assert.Contains(fix, run.Error);
        Assert.Equal(2, run.ExitCode);
    }

    /// <summary>A workload of another namespace than the policy's is rejected with the rule to ask for.</summary>
    [Fact]
    public async Task Manifest_InANamespaceWithoutARule_IsRejectedWithTheNamespace()
    {
        var folder = Path.Combine(RepositoryFiles.Root, "charts-free-manifests", "samples");

        var run = await CommandRun.Of("inject", "-f", Path.Combine(folder, "daemonset.yaml"), "-c", Path.Combine(folder, "team-policy.yaml"));

        Assert.Contains("no rule of the policy matches namespace 'default'", run.Error);
        Assert.Equal(1, run.ExitCode);
    }
}
