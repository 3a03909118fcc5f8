using System.Text;
using RunnerWebhook.Tests.Cli;
using Xunit;

namespace RunnerWebhook.Tests;

/// <summary>Files that are none: devices without an end, pipes, folders.</summary>
public sealed class InputFileTests : IDisposable
{
    private const string Endless = "/dev/zero";

    private readonly string _folder = Directory.CreateTempSubdirectory("runner-webhook-input").FullName;

    private string Pipe => Path.Combine(_folder, "pipe");

    [Theory]
    [InlineData("inject -f")]
    [InlineData("uninject -f")]
    [InlineData("explain -f")]
    [InlineData("check --kubeconfig")]
    [InlineData("token list --url https://gitlab.example.com --access-token-file")]
    public async Task Command_OfAFileWithoutEnd_EndsWithASentence(string words)
    {
        var run = await CommandRun.Of([.. words.Split(' '), Endless]);

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains(" is longer than ", run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public async Task ReadBytes_OfAPipe_WaitsForItsWriter()
    {
        NamedPipe.Create(Pipe);
        var reading = Task.Run(() => InputFile.ReadBytes(Pipe, InputFile.MaxLength), TestContext.Current.CancellationToken);

        await File.WriteAllTextAsync(Pipe, "written", TestContext.Current.CancellationToken);

        Assert.Equal("written", Encoding.UTF8.GetString(await reading));
    }

    [Fact]
    public void ReadTextNow_OfAPipeWithoutAWriter_IsEmpty()
    {
        NamedPipe.Create(Pipe);

        Assert.Equal("", InputFile.ReadTextNow(Pipe));
    }

    [Theory]
    [InlineData("", "Is a directory")]
    [InlineData("nothing", "Could not find file")]
    public void ReadTextNow_OfNoFile_SaysSo(string name, string problem)
    {
        var e = Assert.ThrowsAny<IOException>(() => InputFile.ReadTextNow(Path.Combine(_folder, name)));

        Assert.Contains(problem, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadTextNow_OfAFileWithoutEnd_SaysThatItIsTooLong()
    {
        var e = Assert.Throws<IOException>(() => InputFile.ReadTextNow(Endless));

        Assert.Equal("/dev/zero is longer than 1 MiB", e.Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100_000)]
    [InlineData(InputFile.MaxLength)]
    public void ReadTextNow_OfAFile_IsAllOfIt(int length)
    {
        var text = string.Concat(Enumerable.Range(0, length / 2).Select(i => (char)('a' + (i % 26)) + "\n"));
        File.WriteAllText(Pipe, text);

        Assert.Equal(text, InputFile.ReadTextNow(Pipe));
        Assert.Equal(text, InputFile.ReadText(Pipe));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
