using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using RunnerWebhook.ClusterTests.ControlPlane;
using Xunit;

namespace RunnerWebhook.ClusterTests.Judges;

/// <summary>A Go library of Kubernetes, called through a program that <c>go-program.sh</c> builds from Debian's packages:
/// questions in, answers out, both as JSON.</summary>
/// <param name="missing">What to say where it can't be had.</param>
/// <param name="source">The program's source.</param>
/// <param name="suite">The Debian suite that has the packages.</param>
/// <param name="packages">The compiler and the library.</param>
public abstract class GoJudge(string missing, string source, string suite, params string[] packages) : IAsyncLifetime
{
    private string _skipReason = "";

    /// <summary>How questions and answers are written.</summary>
    protected static JsonSerializerOptions Web { get; } = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>The program.</summary>
    protected string Program { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        (var program, _skipReason) = await ProvisionScript.Run(Script(), missing, [source, suite, .. packages]);
        Program = program ?? "";
    }

    /// <summary>Skips the test, with the reason, on a machine where the library can't be had.</summary>
    public void Require() => Assert.SkipWhen(_skipReason.Length > 0, _skipReason);

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    private static string Script([CallerFilePath] string thisFile = "") =>
        Path.Combine(Path.GetDirectoryName(thisFile)!, "go-program.sh");
}
