using System.Text.Json;
using System.Xml.Linq;

namespace RunnerWebhook.Tests.SupplyChain;

/// <summary>A project with the packages that it restores.</summary>
internal sealed record LockFile(string Project, string Path)
{
    /// <summary>Every project of the repository.</summary>
    public static IReadOnlyList<LockFile> All { get; } = [.. Directory
        .EnumerateFiles(RepositoryFiles.Root, "*.csproj", SearchOption.AllDirectories)
        .Where(project => !project.Contains("/artifacts/", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal)
        .Select(project => new LockFile(project, System.IO.Path.Combine(System.IO.Path.GetDirectoryName(project)!, "packages.lock.json")))];

    /// <summary>The packages, direct and transitive, of every platform.</summary>
    public IReadOnlyList<(string Id, string Version)> Packages()
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Path));
        return [.. json.RootElement.GetProperty("dependencies").EnumerateObject()
            .SelectMany(framework => framework.Value.EnumerateObject())
            .Where(package => package.Value.GetProperty("type").GetString() != "Project")
            .Select(package => (package.Name, package.Value.GetProperty("resolved").GetString()!)).Distinct()];
    }

    /// <summary>The packages that the project names itself, with their attributes.</summary>
    public IReadOnlyList<XElement> References() => [.. XDocument.Load(Project).Descendants("PackageReference")];
}
