using System.Text.Json.Nodes;
using RunnerWebhook.Core.Registration;
using RunnerWebhook.Core.Workloads;
using RunnerWebhook.Tests.Injection;
using RunnerWebhook.Tests.Serve;
using Xunit;

namespace RunnerWebhook.Tests.Registration;

/// <summary>Each option of the table, given to <c>register</c> one by one: to a real gitlab-runner where there is one, else to the
/// stand-in.</summary>
public sealed class RegisterOptionTests : IAsyncLifetime
{
    private RunnerSandbox _sandbox = null!;

    public static IEnumerable<TheoryDataRow<string>> Names => RegisterOptions.All.Select(option => new TheoryDataRow<string>(option.Name));

    public async ValueTask InitializeAsync() => _sandbox = await RunnerSandbox.StartWithRealRunner();

    public ValueTask DisposeAsync() => _sandbox.DisposeAsync();

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Register_EachOption_IsAccepted(string name)
    {
        var run = await _sandbox.Run(Command(name));

        Assert.True(run.ExitCode == 0, run.Output[..Math.Min(2000, run.Output.Length)]);
        Assert.Equal(1, _sandbox.Entries);
        // The stand-in has other keys for the cache.
        if (PublishedProgram.IsRunnerReal && RegisterOptions.Find(name)!.Key is { Length: > 0 } key)
        {
            Assert.Contains(key, Keys(_sandbox.ConfigText));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Register_EachOption_IsUnknownBeforeItsRelease(string name)
    {
        var option = RegisterOptions.Find(name)!;
        var before = Before(option.Since);

        var run = await _sandbox.Run(Command(name), ("STANDIN_VERSION", before));

        Assert.Equal(option.Since.Length == 0, run.ExitCode == 0);
        Assert.Equal(option.Since.Length > 0, run.Output.Contains("flag provided but not defined: -" + name, StringComparison.Ordinal));
    }

    [Fact]
    public void Injection_ImageOlderThanAnOption_IsWarnedAbout()
    {
        var scenario = new InjectorScenario();
        var pod = SampleObjects.Pod();
        pod["spec"]!["containers"]![0]!["image"] = "gitlab/gitlab-runner:v15.11.1";
        pod["metadata"]!["annotations"] = new JsonObject { ["gitlab-runner/docker-ulimit"] = "nofile:1024" };

        scenario.Create(pod);

        Assert.Contains(scenario.Last.Advice, advice => advice.Contains("docker-ulimit needs gitlab-runner 16.2", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("19.1", "16.2", false)]
    [InlineData("16.1", "16.2", true)]
    [InlineData("16", "16.2", false)]
    [InlineData("15", "16.2", true)]
    [InlineData("latest", "16.2", false)]
    public void Release_OfATag_IsComparedByNumbers(string tag, string other, bool isBefore) =>
        Assert.Equal(isBefore, RunnerRelease.IsBefore(RunnerRelease.Of("gitlab/gitlab-runner:" + tag), other));

    private string[] Command(string name)
    {
        var option = RegisterOptions.Find(name)!;
        var line = _sandbox.RegisterArguments("--registration-token=gitlabtoken").Where(word => !word.StartsWith($"--{name}=", StringComparison.Ordinal));
        return [_sandbox.PathOf("bin/gitlab-runner"), .. line, .. option.Name switch
        {
            "url" => [$"--url={_sandbox.GitLab.Url}"],
            "executor" => ["--executor=docker"],
            "run-untagged" => ["--run-untagged=true"],
            _ => RegisterMap.Entries(option, Sample(option)).Select(value => $"--{name}={value}"),
        }];
    }

    private static string Sample(RegisterOption option) => option.Kind switch
    {
        RegisterOptionKind.Boolean => "true",
        RegisterOptionKind.Number => option.OrZero ? "600" : "1",
        RegisterOptionKind.Duration => "1m",
        RegisterOptionKind.Memory => "512m",
        RegisterOptionKind.Cpus => "1.5",
        RegisterOptionKind.CpuSet => "0-1",
        RegisterOptionKind.Url => "http://gitlab.example.com/",
        RegisterOptionKind.Word => option.Words[0],
        RegisterOptionKind.Assignment => "A=b",
        RegisterOptionKind.IpAddress => "10.0.0.2",
        RegisterOptionKind.HostAddress => "host:10.0.0.2",
        RegisterOptionKind.MacAddress => "92:d0:c6:0a:29:33",
        RegisterOptionKind.TextMap => """{"a":"b:c","d":""}""",
        RegisterOptionKind.BooleanMap => """{"FF_A":true,"FF_B":false}""",
        RegisterOptionKind.ListMap => """{"a":["/dev/x"]}""",
        _ => "text",
    };

    /// <summary>The keys of a configuration with their tables, as in <c>[runners.docker] image</c>.</summary>
    private static IEnumerable<string> Keys(string toml)
    {
        var table = "";
        foreach (var line in toml.Split('\n').Select(line => line.Trim()))
        {
            if (line.StartsWith('['))
            {
                table = line;
                // A map is a table of its own.
                var name = line.LastIndexOf('.');
                yield return name < 0 ? line : line.StartsWith("[runners.", StringComparison.Ordinal) && name == "[runners".Length
                    ? $"[[runners]] {line[(name + 1)..^1]}" : $"{line[..name]}] {line[(name + 1)..^1]}";
            }
            else if (line.Contains(" = ", StringComparison.Ordinal))
            {
                yield return $"{table} {line[..line.IndexOf(" = ", StringComparison.Ordinal)]}";
            }
        }
    }

    private static string Before(string release)
    {
        if (release.Length == 0)
        {
            return "13.0.0";
        }

        var (major, minor) = (int.Parse(release.Split('.')[0]), int.Parse(release.Split('.')[1]));
        return minor > 0 ? $"{major}.{minor - 1}.0" : $"{major - 1}.11.0";
    }
}
