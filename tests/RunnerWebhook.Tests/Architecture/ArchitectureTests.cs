using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using ArchUnitNET.Loader;
using ArchUnitNET.xUnitV3;
using Xunit;
using static ArchUnitNET.Fluent.ArchRuleDefinition;

namespace RunnerWebhook.Tests.Architecture;

/// <summary>The allowed arrows and habits of the code.</summary>
public sealed class ArchitectureTests
{
    private const int MaxLinesOfAFile = 300;
    private const int MaxLengthOfALine = 130;

    private static readonly System.Reflection.Assembly Core = typeof(RunnerWebhook.Core.Injection.Injector).Assembly;
    private static readonly System.Reflection.Assembly Yaml = typeof(RunnerWebhook.Yaml.YamlFile).Assembly;
    private static readonly System.Reflection.Assembly Shell = typeof(ProgramVersion).Assembly;

    private static readonly ArchUnitNET.Domain.Architecture Code = new ArchLoader().LoadAssemblies(Core, Yaml, Shell).Build();

    private static readonly string[] BannedWords = ["Manager", "Helper", "Util", "Utils", "Common"];

    [Fact]
    public void Core_References_AreTheBaseLibraryOnly() =>
        Assert.All(Core.GetReferencedAssemblies(), reference => Assert.StartsWith("System.", reference.Name));

    [Fact]
    public void Yaml_Arrows_ReachOnlyTheCoresJson() =>
        Types().That().ResideInAssembly(Yaml).Should().NotDependOnAny(Types().That()
            .ResideInNamespaceMatching("^RunnerWebhook").And().DoNotResideInNamespaceMatching("^RunnerWebhook.(Yaml|Core.Json)$")).Check(Code);

    [Theory]
    [InlineData("RunnerWebhook.(Configuration|Manifests)")]
    public void Offline_Code_KnowsNoCluster(string from) =>
        Types().That().ResideInNamespaceMatching($"^{from}$")
            .Should().NotDependOnAny(Types().That().ResideInNamespace("RunnerWebhook.Kubernetes")).Check(Code);

    /// <summary>A busy node stops a replica for seconds: a pattern with a time limit would throw, in a static field for ever.</summary>
    [Fact]
    public void Patterns_OfTheCore_HaveNoTimeLimit()
    {
        var patterns = Core.GetTypes().SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly))
            .Select(method => (Name: $"{method.DeclaringType}.{method.Name}", Pattern: method.GetCustomAttribute<GeneratedRegexAttribute>()))
            .Where(method => method.Pattern is not null).ToArray();

        Assert.True(patterns.Length > 10);
        Assert.DoesNotContain(patterns, method => method.Pattern!.MatchTimeoutMilliseconds != Timeout.Infinite);
    }

    [Fact]
    public void Types_Names_AreTheFieldsOwn()
    {
        var named = new[] { Core, Yaml, Shell }.SelectMany(assembly => assembly.GetTypes())
            .Where(type => type.Namespace?.StartsWith("RunnerWebhook", StringComparison.Ordinal) == true);

        Assert.DoesNotContain(named, type => BannedWords.Any(word => type.Name.EndsWith(word, StringComparison.Ordinal)));
    }

    [Fact]
    public void PublicTypes_OfTheCore_AreDocumented()
    {
        var documentation = XDocument.Load(Path.ChangeExtension(Core.Location, ".xml"));
        var documented = documentation.Descendants("member").Select(member => (string)member.Attribute("name")!).ToHashSet(StringComparer.Ordinal);

        Assert.All(Core.GetExportedTypes(), type => Assert.Contains("T:" + type.FullName!.Replace('+', '.'), documented));
    }

    [Fact]
    public void SourceFiles_Size_StaysReadable()
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(RepositoryFiles.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal)))
        {
            var lines = File.ReadAllLines(file);
            Assert.True(lines.Length <= MaxLinesOfAFile, $"{file} has {lines.Length} lines");
            foreach (var (index, line) in lines.Index())
            {
                var isReadable = line.Length <= MaxLengthOfALine && !line.Contains("#region", StringComparison.Ordinal)
                    && !line.Contains("TODO", StringComparison.Ordinal);
                Assert.True(isReadable, $"{file}:{index + 1}: {line}");
            }
        }
    }

    [Fact]
    public void Repository_TopLevel_HoldsWhatItShould()
    {
        string[] allowed = ["src", "charts-free-manifests", "certs", "tests", "RunnerWebhook.sln", "README.md", "LICENSE", "CHANGELOG.md",
            "CONTRIBUTING.md", "SECURITY.md", "Dockerfile", "dev", "global.json", "Directory.Build.props", "Directory.Packages.props"];

        var found = Directory.GetFileSystemEntries(RepositoryFiles.Root).Select(entry => Path.GetFileName(entry)!)
            .Where(name => name[0] != '.' && name is not ("bin" or "obj" or "artifacts" or "TestResults"));

        Assert.Empty(found.Except(allowed));
    }
}
