using System.Text.RegularExpressions;
using RunnerWebhook.Yaml;
using Xunit;

namespace RunnerWebhook.Tests.Docs;

/// <summary>Every command that a document shows, in a block or in a sentence.</summary>
public sealed partial class ShellBlockTests
{
    [Theory]
    [MemberData(nameof(Document.All), MemberType = typeof(Document))]
    public async Task Blocks_OfShell_CallWhatExists(Document document)
    {
        foreach (var block in document.Blocks().Where(block => block.Language == "sh"))
        {
            await Check(block.Place, block.Text);
        }
    }

    [Theory]
    [MemberData(nameof(Document.All), MemberType = typeof(Document))]
    public async Task Sentences_WithCommands_CallWhatExists(Document document)
    {
        var commands = Code().Matches(document.Prose()).Select(match => Space().Replace(match.Groups[1].Value, " "))
            .Where(code => Command().IsMatch(code) && !code.Contains('[', StringComparison.Ordinal) && !code.Contains("\\|", StringComparison.Ordinal))
            .Where(code => !KnownCommands.IsName(code.Split(' ')))
            .Select(code => code.Replace("…", "", StringComparison.Ordinal)).ToArray();
        await Check(document.Name, string.Join('\n', commands));
    }

    [Theory]
    [InlineData("kubectl aply -f x.yaml")]
    [InlineData("kubectl get daemonsetz")]
    [InlineData("kubectl get pods --all-namespace")]
    [InlineData("runner-webhook injekt -f x.yaml")]
    [InlineData("runner-webhook inject -f x.yaml --confg y")]
    [InlineData("kubectl apply -k charts-free-manifests/overlays/nowhere")]
    [InlineData("./dev tset")]
    [InlineData("docker biuld .")]
    [InlineData("kubectl get 'pods")]
    [InlineData("nosuchtool x")]
    public async Task Commands_Misspelt_AreFound(string command) =>
        Assert.NotNull(await Record.ExceptionAsync(() => Check("here", command)));

    private static async Task Check(string place, string script)
    {
        var (calls, input) = await RecordedShell.Run(script);
        Assert.All(calls, call => Assert.True(KnownCommands.ProblemOf(call) is null, $"{place}: {KnownCommands.ProblemOf(call)}"));
        if (input.Length > 0)
        {
            Assert.True(YamlFile.Parse(input, out var error) is not null, $"{place}: {error}");
        }
    }

    [GeneratedRegex(@"(?<!`)`([^`]+)`(?!`)")]
    private static partial Regex Code();

    [GeneratedRegex(@"^(kubectl|runner-webhook|\./dev|docker|dotnet run|git|flux|argocd|cosign) \S")]
    private static partial Regex Command();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
