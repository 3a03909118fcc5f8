using System.Text.RegularExpressions;
using Xunit;

namespace RunnerWebhook.Tests.Architecture;

/// <summary>Rooms see only the rooms below them.</summary>
public sealed partial class RoomTests
{
    private static readonly Staircase[] All = [Staircase.Core, Staircase.Executable];

    [Fact]
    public void Arrows_BetweenRooms_PointDown() =>
        Assert.Empty(All.SelectMany(staircase => staircase.Upwards()));

    /// <summary>What the order alone would allow, and what is still never needed.</summary>
    [Theory]
    [InlineData("GitLab", "Yaml")]
    [InlineData("Kubernetes", "Yaml|Configuration|Manifests|GitLab")]
    [InlineData("Certificates", "Yaml|Configuration|Manifests|GitLab")]
    [InlineData("Check", "Manifests|GitLab|Tokens")]
    [InlineData("Serve", "Manifests|GitLab|Tokens|Check")]
    [InlineData("Playground", "GitLab|Kubernetes|Certificates|Tokens|Check|Serve")]
    public void Arrows_BetweenRoomsThatKnowNothingOfEachOther_AreMissing(string from, string to) =>
        Assert.DoesNotContain(Staircase.Executable.Arrows(),
            arrow => arrow.From == from && to.Split('|').Contains(arrow.To));

    [Fact]
    public void Arrows_AnyUsingUpwards_IsSeen()
    {
        foreach (var staircase in All)
        {
            foreach (var (index, low) in staircase.Rooms.Index())
            {
                foreach (var high in staircase.Rooms.Skip(index + 1))
                {
                    Assert.Contains(new Arrow(low, high, "New.cs"), staircase.WrittenIn(
                        $"using {staircase.Prefix}{high};\nnamespace {staircase.Prefix}{low};", "New.cs"));
                    Assert.Contains(new Arrow(low, high, "New.cs"), staircase.WrittenIn(
                        $"using static {staircase.Prefix}{high}.Words;\nnamespace {staircase.Prefix}{low}.Inner;", "New.cs"));
                }
            }
        }
    }

    [Fact]
    public void Arrows_NameWithoutItsParent_IsSeen() => Assert.Contains(new Arrow("Json", "Settings", "New.cs"),
        Staircase.Core.WrittenIn("namespace RunnerWebhook.Core.Json;\nvar kind = Settings.RunnerConfiguration.Kind;", "New.cs"));

    // Whatever lies in the root is seen from every room without a using.
    [Fact]
    public void Namespaces_OfTheCore_AreRooms() => Assert.Empty(Staircase.Core.Homeless());

    // The program's version belongs to no room.
    [Fact]
    public void Namespaces_OfTheExecutable_AreRooms() => Assert.Equal(["RunnerWebhook."],
        Staircase.Executable.Homeless().Where(name => !name.StartsWith(Staircase.Core.Prefix, StringComparison.Ordinal)));

    [Fact]
    public void Projects_ImplicitUsings_AreTheSdksOnly() =>
        Assert.All(Directory.EnumerateFiles(Path.Combine(RepositoryFiles.Root, "src"), "*.csproj", SearchOption.AllDirectories),
            file => Assert.DoesNotContain("<Using", File.ReadAllText(file), StringComparison.Ordinal));

    [Fact]
    public void Contributing_RoomsOfTheCore_AreTheStaircase()
    {
        var map = File.ReadAllText(Path.Combine(RepositoryFiles.Root, "CONTRIBUTING.md"));

        Assert.Equal(Staircase.Core.Rooms, RoomLine().Matches(map).Select(line => line.Groups[1].Value));
    }

    /// <summary><c>./dev rooms</c> prints what is written here.</summary>
    [Fact]
    public void Matrix_OfEachStaircase_HasNoArrowAboveTheDiagonal()
    {
        var file = Path.Combine(RepositoryFiles.Root, "artifacts", "rooms.txt");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);

        File.WriteAllText(file, "Files of each room (rows) that use another (columns)\n\n"
            + string.Join('\n', All.Select(staircase => staircase.Matrix())));

        Assert.All(All, staircase => Assert.All(staircase.Matrix().Split('\n').Skip(1).Index(),
            row => Assert.DoesNotMatch(@"·.*\d", row.Item)));
    }

    [GeneratedRegex(@"^\d+\. `(\w+)`", RegexOptions.Multiline)]
    private static partial Regex RoomLine();
}
