using System.Diagnostics;
using System.Text.Json;
using Xunit;

namespace RunnerWebhook.ClusterTests.Judges;

/// <summary>The API server's own library, which matches, mutates and validates by admission policies.</summary>
public sealed class PolicyRunner() : GoJudge(
    "the API server's library is not available", "policies.go", "sid", "golang-1.26", "golang-k8s-apiserver-dev")
{
    private Process? _process;

    /// <summary>Runs all requests through their policies, in order.</summary>
    internal async Task<IReadOnlyList<PolicyAnswer[]>> Run(IReadOnlyCollection<PolicyQuestion> questions)
    {
        _process ??= Process.Start(new ProcessStartInfo(Program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        await JsonSerializer.SerializeAsync(_process.StandardInput.BaseStream, questions, Web);
        await _process.StandardInput.BaseStream.FlushAsync();
        var answer = await _process.StandardOutput.ReadLineAsync();
        Assert.True(answer is not null, "the program has ended: see standard error");
        return JsonSerializer.Deserialize<PolicyAnswer[][]>(answer, Web)!;
    }

    public override async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            _process.StandardInput.Close();
            await _process.WaitForExitAsync();
            _process.Dispose();
        }

        await base.DisposeAsync();
    }
}
