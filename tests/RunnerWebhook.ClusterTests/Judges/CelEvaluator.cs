using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using RunnerWebhook.ClusterTests.ControlPlane;
using Xunit;

namespace RunnerWebhook.ClusterTests.Judges;

/// <summary>cel-go, by which API servers evaluate the expressions of admission policies: built by <c>go-program.sh</c>.</summary>
public sealed class CelEvaluator : IAsyncLifetime
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private string _program = "";
    private string _skipReason = "";

    public async ValueTask InitializeAsync()
    {
        (var program, _skipReason) = await ProvisionScript.Run(Script(), "cel-go is not available", "evaluate.go", "trixie",
            "golang-1.24", "golang-github-google-cel-go-dev");
        _program = program ?? "";
    }

    /// <summary>Skips the test, with the reason, on a machine where no cel-go can be had.</summary>
    public void Require() => Assert.SkipWhen(_skipReason.Length > 0, _skipReason);

    /// <summary>Evaluates all questions, in order.</summary>
    public async Task<IReadOnlyList<CelAnswer>> Evaluate(IReadOnlyCollection<CelQuestion> questions)
    {
        using var process = Process.Start(new ProcessStartInfo(_program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await JsonSerializer.SerializeAsync(process.StandardInput.BaseStream, questions, Web);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await error);
        return JsonSerializer.Deserialize<CelAnswer[]>(await output, Web)!;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static string Script([CallerFilePath] string thisFile = "") =>
        Path.Combine(Path.GetDirectoryName(thisFile)!, "go-program.sh");
}
