using Xunit;

namespace RunnerWebhook.Tests.Golden;

/// <summary>One folder of <c>tests/golden</c>.</summary>
/// <param name="Name">The folder's name.</param>
public sealed record GoldenCase(string Name)
{
    internal static string Folder { get; } = Path.Combine(RepositoryFiles.Tests, "golden");

    internal static bool IsAccepting { get; } = Environment.GetEnvironmentVariable("GOLDEN_ACCEPT") == "1";

    internal string Input => PathOf("input.yaml");

    internal string Config => File.Exists(PathOf("config.yaml")) ? PathOf("config.yaml") : Path.Combine(Folder, "config.yaml");

    internal bool IsDenied => File.Exists(PathOf("denied.txt"));

    public static IEnumerable<TheoryDataRow<GoldenCase>> All() =>
        Directory.GetDirectories(Folder).Order(StringComparer.Ordinal)
            .Select(folder => new TheoryDataRow<GoldenCase>(new(Path.GetFileName(folder))) { TestDisplayName = Path.GetFileName(folder) });

    /// <summary>The cases that are injected or left alone, and so have an output.</summary>
    public static IEnumerable<TheoryDataRow<GoldenCase>> Accepted() => All().Where(row => !row.Data.IsDenied);

    /// <summary>Compares with the expected file, or writes it where cases are being accepted.</summary>
    internal void Expect(string file, string actual)
    {
        if (IsAccepting)
        {
            File.WriteAllText(PathOf(file), actual);
        }

        Assert.True(File.Exists(PathOf(file)), $"{Name}/{file} is missing: look at the result of ./dev golden --accept");
        Assert.Equal(File.ReadAllText(PathOf(file)), actual);
    }

    internal string PathOf(string file) => Path.Combine(Folder, Name, file);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
