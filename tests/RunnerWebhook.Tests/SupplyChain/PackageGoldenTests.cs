using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using RunnerWebhook.Tests.Golden;
using Xunit;

namespace RunnerWebhook.Tests.SupplyChain;

/// <summary>The table of packages in <c>src/docs/packages.md</c>, from what the packages say of themselves.
/// <c>./dev golden --accept</c> writes it anew.</summary>
public sealed class PackageGoldenTests
{
    private const string Begin = "<!-- packages -->\n";
    private const string End = "<!-- end of packages -->\n";

    // Licences that ask for no more than their text.
    private static readonly string[] Allowed = ["MIT", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause"];

    private static readonly string Document = Path.Combine(RepositoryFiles.Root, "src", "docs", "packages.md");

    [Fact]
    public void Packages_Restored_AreListedWithALicenceThatIsAllowed()
    {
        var program = LockFile.All.Single(file => file.Project.EndsWith("/RunnerWebhook.csproj", StringComparison.Ordinal))
            .Packages().Select(package => package.Id).ToHashSet(StringComparer.Ordinal);
        var rows = new StringBuilder("| package | version | licence | used by |\n| --- | --- | --- | --- |\n");
        foreach (var (id, version) in LockFile.All.SelectMany(file => file.Packages()).Distinct().OrderBy(package => package.Id, StringComparer.OrdinalIgnoreCase))
        {
            // Packages of another platform are not restored here.
            var licence = LicenceOf(id, version) ?? (id.StartsWith("runtime.", StringComparison.Ordinal) ? "MIT" : "unknown, as it is not restored");
            Assert.True(Allowed.Contains(licence), $"{id} {version}: the licence is '{licence}', which is not in the allowed list");
            rows.Append($"| {id} | {version} | {licence} | {(program.Contains(id) ? "the program and its build" : "tests")} |\n");
        }

        var text = File.ReadAllText(Document);
        var (start, end) = (text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, text.IndexOf(End, StringComparison.Ordinal));
        var expected = text[..start] + rows + text[end..];
        if (GoldenCase.IsAccepting)
        {
            File.WriteAllText(Document, expected);
            return;
        }

        Assert.Equal(expected, text);
    }

    // As the package's own specification says; a licence that it holds as a file is known by its text.
    private static string? LicenceOf(string id, string version)
    {
        var folder = PackageFolders().Select(root => Path.Combine(root, id.ToLowerInvariant(), version)).FirstOrDefault(Directory.Exists);
        if (folder is null)
        {
            return null;
        }

        var licence = XDocument.Load(Directory.GetFiles(folder, "*.nuspec").Single()).Descendants().FirstOrDefault(each => each.Name.LocalName == "license");
        return licence?.Attribute("type")?.Value != "file" ? licence?.Value
            : File.ReadAllText(Path.Combine(folder, licence.Value)).Contains("Permission is hereby granted, free of charge", StringComparison.Ordinal)
                ? "MIT" : $"the file {licence.Value}";
    }

    private static IEnumerable<string> PackageFolders()
    {
        using var assets = JsonDocument.Parse(File.ReadAllText(
            Path.Combine(RepositoryFiles.Tests, "RunnerWebhook.Tests", "obj", "project.assets.json")));
        return [.. assets.RootElement.GetProperty("packageFolders").EnumerateObject().Select(folder => folder.Name)];
    }
}
