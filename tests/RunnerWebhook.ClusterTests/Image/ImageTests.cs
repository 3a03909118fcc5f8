using System.Text.RegularExpressions;
using System.Xml.Linq;
using RunnerWebhook.ClusterTests.ControlPlane;
using Xunit;

namespace RunnerWebhook.ClusterTests.Image;

/// <summary>What the image is made of, and what it says of itself.</summary>
public sealed class ImageTests : IDisposable
{
    private static readonly string[] Dockerfile = File.ReadAllLines(Path.Combine(Webhook.Repository, "Dockerfile"));

    private readonly string _folder = Directory.CreateTempSubdirectory("runner-webhook-image").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Build_OfWhatTheDockerfileCopies_SucceedsAndIsTheSameAnywhere()
    {
        var one = await Build("one");
        var two = await Build("a/folder/elsewhere");

        Assert.Equal(["RunnerWebhook.Core.dll", "runner-webhook.dll"], one.Keys.Order(StringComparer.Ordinal));
        Assert.All(one, assembly => Assert.True(assembly.Value.AsSpan().SequenceEqual(two[assembly.Key]), assembly.Key));
    }

    [Fact]
    public void Version_Default_IsTheProgramsOwn() => Assert.All(
        Dockerfile.Where(line => line.StartsWith("ARG VERSION", StringComparison.Ordinal)),
        line => Assert.Equal("ARG VERSION=" + Version, line));

    [Fact]
    public async Task Image_Verb_NamesVersionCommitTimeAndSourceWithoutCredentials()
    {
        const string Fake = "#!/bin/sh\nprintf '%s\\n' \"$@\"\n";
        var tools = Directory.CreateDirectory(Path.Combine(_folder, "tools")).FullName;
        await File.WriteAllTextAsync(Path.Combine(tools, "docker"), Fake, Cancellation);
        File.SetUnixFileMode(Path.Combine(tools, "docker"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var copy = Directory.CreateDirectory(Path.Combine(_folder, "copy")).FullName;
        foreach (var file in (string[])["dev", "Directory.Build.props"])
        {
            File.Copy(Path.Combine(Webhook.Repository, file), Path.Combine(copy, file));
        }

        var commit = await In(copy).Run("", "/bin/sh", "-c", """
            git init -q . && git remote add origin https://user:never-shown@git.example.com/runner-webhook.git && git add . &&
            GIT_COMMITTER_DATE=2026-01-02T03:04:05+0100 git -c user.name=a -c user.email=a@example.com commit -q -m a && git rev-parse HEAD
            """);
        var run = await In(copy).Run("", $"PATH={tools}:{Environment.GetEnvironmentVariable("PATH")}", "./dev", "image", "registry.example.com/runner-webhook:1", "--push");

        run.Ensure();
        Assert.Equal(
            [
                "build", "--tag", "registry.example.com/runner-webhook:1", "--build-arg", $"VERSION={Version}",
                "--build-arg", $"REVISION={commit.Output.Trim()}", "--build-arg", "SOURCE=https://git.example.com/runner-webhook.git",
                "--build-arg", "CREATED=2026-01-02T02:04:05Z", "--build-arg", "SOURCE_DATE_EPOCH=1767319445", "--push", ".",
            ], run.Output.TrimEnd('\n').Split('\n'));
        var labels = string.Join('\n', Dockerfile);
        Assert.All((string[])["VERSION", "REVISION", "CREATED", "SOURCE"],
            name => Assert.Contains($"org.opencontainers.image.{name.ToLowerInvariant()}=\"${{{name}}}\"", labels, StringComparison.Ordinal));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Version => (string)XDocument.Load(Path.Combine(Webhook.Repository, "Directory.Build.props"))
        .Descendants("Version").Single();

    private static Command In(string folder) => new("env", "-C", folder) { Patience = TimeSpan.FromMinutes(5) };

    // A build of the files that reach the image's build, in a folder of its own.
    private async Task<Dictionary<string, byte[]>> Build(string name)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;
        foreach (var copied in Dockerfile.Where(line => Regex.IsMatch(line, "^COPY [^-]")).SelectMany(line => line.Split(' ')[1..^1]))
        {
            Assert.Contains("!" + copied, await File.ReadAllLinesAsync(Path.Combine(Webhook.Repository, ".dockerignore"), Cancellation));
            var from = Path.Combine(Webhook.Repository, copied);
            foreach (var file in File.Exists(from) ? [from] : Directory.GetFiles(from, "*", SearchOption.AllDirectories))
            {
                var relative = Path.GetRelativePath(Webhook.Repository, file);
                if (!relative.Split('/').Any(part => part is "bin" or "obj"))
                {
                    Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, relative))!);
                    File.Copy(file, Path.Combine(folder, relative));
                }
            }
        }

        var build = await In(folder).Run("", "MSBUILDDISABLENODEREUSE=1", "dotnet", "build", "src/RunnerWebhook", "-c", "Release",
            "-o", "out", "-v", "q", "-nologo");
        Assert.True(build.ExitCode == 0, build.Output);
        return ((string[])["runner-webhook.dll", "RunnerWebhook.Core.dll"]).ToDictionary(
            file => file, file => File.ReadAllBytes(Path.Combine(folder, "out", file)));
    }
}
