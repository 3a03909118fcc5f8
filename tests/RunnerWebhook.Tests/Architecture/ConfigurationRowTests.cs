using RunnerWebhook.Core.Settings;
using Xunit;

namespace RunnerWebhook.Tests.Architecture;

/// <summary>The configuration is described once: a key is one row.</summary>
public sealed class ConfigurationRowTests
{
    private const int MostLines = 450;

    private static readonly string Room = Path.Combine(RepositoryFiles.Root, "src", "RunnerWebhook.Core", "Settings");

    private static readonly string[] Tables = ["ProfileKeys.cs", "ConfigurationKeys.cs"];

    [Fact]
    public void Rows_AllTogether_FitOnAFewPages() => Assert.InRange(
        Tables.Sum(file => File.ReadAllLines(Path.Combine(Room, file)).Length), 1, MostLines);

    [Fact]
    public void Keys_InTheRoomOfSettings_AreSpeltInOneRow()
    {
        var sources = Directory.EnumerateFiles(Room, "*.cs").ToDictionary(file => Path.GetFileName(file)!, File.ReadAllText);
        var keys = SettingsReference.Keys().Where(row => row.Takes != "a mapping")
            .Select(row => row.Name.Split("NAME.")[^1].Split("[].")[^1])
            .Where(key => key.Contains('.', StringComparison.Ordinal) && !key.StartsWith("cache.keys.", StringComparison.Ordinal)).ToArray();

        Assert.True(keys.Length > 50, $"{keys.Length} keys");
        Assert.All(keys, key =>
        {
            // Engines in the pod share the rows of their container. The digest leaves out log.level by its name.
            var spellings = new[] { $"\"{key}\"", $"\".{key.Split('.')[^1]}\"" };
            var files = sources.Where(source => spellings.Any(text => source.Value.Contains(text, StringComparison.Ordinal)));
            var file = Assert.Single(files, source => key != "log.level" || Tables.Contains(source.Key)).Key;
            Assert.Contains(file, Tables);
            Assert.Equal(2, spellings.Select(text => sources[file].Split(text).Length).Max());
        });
    }
}
