using System.Text.RegularExpressions;
using System.Xml.Linq;
using Xunit;

namespace RunnerWebhook.Tests.SupplyChain;

/// <summary>The same tree restores the same packages.</summary>
public sealed partial class PinnedPackageTests
{
    private static readonly XDocument Central = XDocument.Load(Path.Combine(RepositoryFiles.Root, "Directory.Packages.props"));

    [Fact]
    public void LockFile_OfEveryProject_IsThereAndHasHashes()
    {
        Assert.NotEmpty(LockFile.All);
        Assert.All(LockFile.All, file => Assert.True(File.Exists(file.Path), $"{file.Path} is missing"));
        Assert.All(LockFile.All, file => Assert.DoesNotMatch(
            "\"resolved\": \"[^\"]*\",?\\s*(\"dependencies\"|})", File.ReadAllText(file.Path)));
    }

    [Fact]
    public void Restore_OfEveryBuild_UsesLockFiles()
    {
        var build = File.ReadAllText(Path.Combine(RepositoryFiles.Root, "Directory.Build.props"));
        var dev = File.ReadAllText(Path.Combine(RepositoryFiles.Root, "dev"));

        Assert.Contains("<RestorePackagesWithLockFile>true</RestorePackagesWithLockFile>", build, StringComparison.Ordinal);
        Assert.Contains("dotnet restore RunnerWebhook.sln --locked-mode\n", dev, StringComparison.Ordinal);
    }

    [Fact]
    public void Versions_OfPackages_AreExactAndInOnePlace()
    {
        var versions = Central.Descendants("PackageVersion")
            .ToDictionary(each => each.Attribute("Include")!.Value, each => each.Attribute("Version")!.Value);

        Assert.All(versions.Values, version => Assert.Matches(@"^\d+\.\d+\.\d+(-[0-9A-Za-z.]+)?$", version));
        foreach (var reference in LockFile.All.SelectMany(file => file.References()))
        {
            Assert.Contains(reference.Attribute("Include")!.Value, versions.Keys);
            Assert.Null(reference.Attribute("Version") ?? reference.Attribute("VersionOverride"));
        }
    }

    [Fact]
    public void Packages_Locked_HaveOneVersionEach()
    {
        var packages = LockFile.All.SelectMany(file => file.Packages()).Distinct().GroupBy(package => package.Id);

        Assert.All(packages, package => Assert.Single(package));
    }

    [Fact]
    public void Tools_OfScripts_NameTheirVersion()
    {
        var calls = new[] { "dev", ".ci/run", ".ci/release", "tests/run.sh", "tests/fuzz.sh" }
            .SelectMany(file => Tool().Matches(File.ReadAllText(Path.Combine(RepositoryFiles.Root, file)))).ToArray();

        Assert.NotEmpty(calls);
        Assert.All(calls, call => Assert.Matches(@"@\d+\.\d+\.\d+$", call.Groups[1].Value));
    }

    [GeneratedRegex(@"dotnet tool (?:exec|install) (\S+)")]
    private static partial Regex Tool();
}
