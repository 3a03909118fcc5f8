using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Xunit;

namespace RunnerWebhook.Tests.SupplyChain;

/// <summary>No file of the repository holds a secret.</summary>
public sealed partial class SecretScanTests
{
    private const double MinEntropy = 4.3;
    private const int MinNumbers = 3;

    // Shorter than what is taken for a secret.
    private const string Random = "Zq3vXw9LkT5mBn7RdY2s";

    // Made up: each is planted by a test that looks for it.
    private static readonly string[] MadeUp =
    [
        "glrt-of-a-created-runner", "glrt-PLANTED-in-the-configuration", "glrt-PLANTED-in-the-object",
    ];

    // Hashes of packages, and commits of actions.
    private static readonly string[] Hashes = ["packages.lock.json", "package-lock.json"];

    [Fact]
    public void Files_OfTheRepository_HoldNoSecret()
    {
        using var git = Process.Start(new ProcessStartInfo("git", ["-C", RepositoryFiles.Root, "ls-files", "-z"]) { RedirectStandardOutput = true })!;
        var files = git.StandardOutput.ReadToEnd().Split('\0', StringSplitOptions.RemoveEmptyEntries);

        Assert.True(files.Length > 500, $"only {files.Length} files");
        Assert.Empty(files.Where(file => File.Exists(Path.Combine(RepositoryFiles.Root, file))).SelectMany(file =>
            Secrets(File.ReadAllText(Path.Combine(RepositoryFiles.Root, file)), Hashes.Contains(Path.GetFileName(file)))
                .Select(secret => $"{file}: {secret}")));
    }

    [Theory]
    [InlineData("glrt-{0}")]
    [InlineData("glpat-{0}")]
    [InlineData("GR1348941{0}")]
    [InlineData("AKIA{1}")]
    [InlineData("ghp_{0}{0}")]
    [InlineData("-----BEGIN EC PRIVATE KEY-----\n{0}{0}{0}")]
    [InlineData("eyJ{0}.eyJ{0}")]
    [InlineData("password: {0}Jf8h")]
    [InlineData("token = '{0}'")]
    [InlineData("\"api_key\": \"{2}\"")]
    [InlineData("https://user:{0}@example.com/")]
    [InlineData("AGE-SECRET-KEY-1{1}{1}{1}{1}")]
    public void Secret_OfEachShape_IsFound(string shape)
    {
        var text = string.Format(CultureInfo.InvariantCulture, shape, Random, Random[..16].ToUpperInvariant(), Convert.ToHexStringLower(Encoding.ASCII.GetBytes(Random)));

        Assert.NotEmpty(Secrets($"a: {text}\n", isHashes: false));
    }

    private static IEnumerable<string> Secrets(string text, bool isHashes) => Shapes().Matches(text).Concat(Assigned().Matches(text))
        .Concat(isHashes ? [] : Words().Matches(text).Where(word => IsRandom(word.Value)))
        .Select(match => match.Value).Except(MadeUp);

    // A name of a test or an alphabet has as many different characters, but is no secret.
    private static bool IsRandom(string word) => Number().Count(word) >= MinNumbers && word.Any(char.IsAsciiLetterUpper)
        && word.Any(char.IsAsciiLetterLower) && !word.Contains("abcdef", StringComparison.Ordinal) && !TestName().IsMatch(word)
        && word.CountBy(character => character).Sum(count => -count.Value * Math.Log2((double)count.Value / word.Length)) / word.Length
            > MinEntropy;

    [GeneratedRegex(@"gl[a-z]{2,6}-[A-Za-z0-9_-]{16,}|GR1348941[A-Za-z0-9_-]{16,}|A[KS]IA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{30,}"
        + @"|xox[abprs]-[A-Za-z0-9-]{10,}|-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[A-Za-z0-9+/]{40,}|eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}"
        + "|AGE-SECRET-KEY-1[0-9A-Z]{50,}|npm_[A-Za-z0-9]{30,}")]
    private static partial Regex Shapes();

    // A value that may be a secret: in hexadecimal, of 16 mixed characters, or the password of a URL.
    [GeneratedRegex("(?i:password|passwd|secret|token|key)[\"']?\\s*[:=]\\s*[\"']?[0-9a-f]{32,}\\b"
        + "|(?i:password|passwd|secret|token)[\"']?\\s*[:=]\\s*[\"']?(?=\\S*[0-9])(?=\\S*[A-Z])(?=\\S*[a-z])[A-Za-z0-9+/_-]{16,}"
        + "|://[^\\s/@:\"'$<>{}]+:(?=[^\\s/@]*[0-9])[^\\s/@\"'$<>{}]{8,}@")]
    private static partial Regex Assigned();

    [GeneratedRegex("[A-Za-z0-9+/_=-]{24,}")]
    private static partial Regex Words();

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Number();

    [GeneratedRegex("^[A-Z][A-Za-z0-9]*_[A-Z0-9]")]
    private static partial Regex TestName();
}
