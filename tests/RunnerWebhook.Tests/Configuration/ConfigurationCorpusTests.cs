using System.Collections.Immutable;
using System.Diagnostics;
using RunnerWebhook.Configuration;
using RunnerWebhook.Tests.Cli;
using RunnerWebhook.Tests.Golden;
using Xunit;

namespace RunnerWebhook.Tests.Configuration;

/// <summary>Every bad configuration ends soon, with mistakes that say where and what.</summary>
public sealed class ConfigurationCorpusTests
{
    // A second is what a user would wait; the factor is for a machine that does other things at the same time.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1 * 10);

    public static IEnumerable<TheoryDataRow<string>> Files() => ConfigurationCorpus.Files.Select(file => Path.GetFileName(file)!)
        .Select(name => new TheoryDataRow<string>(name) { TestDisplayName = name });

    public static IEnumerable<TheoryDataRow<string>> BigFiles() =>
        ConfigurationCorpus.Big.Keys.Select(name => new TheoryDataRow<string>(name) { TestDisplayName = name });

    [Fact]
    public void Folder_Always_HoldsManyPairs()
    {
        var expected = Directory.GetFiles(ConfigurationCorpus.Folder, "*.errors.txt").Select(Stem);

        Assert.True(ConfigurationCorpus.Files.Length >= 100);
        Assert.True(GoldenCase.IsAccepting || expected.Order(StringComparer.Ordinal).SequenceEqual(
            ConfigurationCorpus.Files.Select(Stem).Order(StringComparer.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Validate_BadFile_TellsEveryMistakeWithItsPlace(string name)
    {
        var file = Path.Combine(ConfigurationCorpus.Folder, name);
        var watch = Stopwatch.StartNew();
        var run = await CommandRun.Of("config", "validate", "-f", file);
        watch.Stop();

        var errors = run.Error.Replace(file, name, StringComparison.Ordinal);
        Assert.Equal(1, run.ExitCode);
        Assert.Empty(run.Output);
        Assert.All(errors.TrimEnd('\n').Split('\n'), line => Assert.Matches($"^{name}:[0-9]+:[0-9]+: .+", line));
        Assert.DoesNotMatch("never.?shown", errors);
        Assert.DoesNotContain(errors, c => char.IsControl(c) && c != '\n');
        Assert.True(watch.Elapsed < Patience, $"took {watch.Elapsed}");
        Expect(Stem(file) + ".errors.txt", errors);
    }

    [Theory]
    [MemberData(nameof(BigFiles))]
    public void Read_BigFile_EndsSoonWithFewWords(string name)
    {
        ImmutableArray<string> mistakes = [];
        var taken = ProcessorTime.Of(() => Assert.Null(ConfigurationFile.Read(ConfigurationCorpus.Big[name], "big.yaml", out mistakes)));

        TestContext.Current.SendDiagnosticMessage($"{name}: {taken.TotalMilliseconds:0} ms");
        Assert.All(mistakes, mistake => Assert.Matches("^big.yaml:[0-9]+:[0-9]+: .+", mistake));
        Assert.InRange(mistakes.Length, 1, 101);
        Assert.True(mistakes.Sum(mistake => mistake.Length) < 100_000);
        Assert.InRange(taken, TimeSpan.Zero, Patience);
    }

    [Fact]
    public void Read_TheWholeCorpusAgain_TakesLittleTime()
    {
        var contents = ConfigurationCorpus.Files.Select(File.ReadAllBytes).Concat(ConfigurationCorpus.Big.Values).ToArray();

        var taken = ProcessorTime.Of(() => Array.ForEach(contents, content => ConfigurationFile.Read(content, "config.yaml", out _)));

        Assert.InRange(taken, TimeSpan.Zero, Patience * 4);
        TestContext.Current.SendDiagnosticMessage($"{contents.Length} bad configurations in {taken.TotalMilliseconds:0} ms");
    }

    private static string Stem(string file) => Path.GetFileName(file).Split('.')[0];

    private static void Expect(string name, string actual)
    {
        var file = Path.Combine(ConfigurationCorpus.Folder, name);
        if (GoldenCase.IsAccepting)
        {
            File.WriteAllText(file, actual);
        }

        Assert.True(File.Exists(file), $"{name} is missing: look at the result of ./dev golden --accept");
        Assert.Equal(File.ReadAllText(file), actual);
    }
}
