using System.Diagnostics;
using System.Text.Json;
using Xunit;

namespace RunnerWebhook.ClusterTests.Judges;

/// <summary>cel-go, by which API servers evaluate the expressions of admission policies.</summary>
public sealed class CelEvaluator() : GoJudge(
    "cel-go is not available", "evaluate.go", "trixie", "golang-1.24", "golang-github-google-cel-go-dev")
{
    /// <summary>Evaluates all questions, in order.</summary>
    public async Task<IReadOnlyList<CelAnswer>> Evaluate(IReadOnlyCollection<CelQuestion> questions)
    {
        using var process = Process.Start(new ProcessStartInfo(Program)
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
}
