using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using RunnerWebhook.ClusterTests.ControlPlane;
using Xunit;

namespace RunnerWebhook.ClusterTests.Judges;

/// <summary>The API server's own library, which matches, mutates and validates by admission policies: a program that
/// <c>go-program.sh</c> builds.</summary>
public sealed class PolicyRunner : IAsyncLifetime
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private Process? _process;
    private string _program = "";
    private string _skipReason = "";

    public async ValueTask InitializeAsync()
    {
        (var program, _skipReason) = await ProvisionScript.Run(
            Script(), "the API server's library is not available", "policies.go", "sid", "golang-1.26", "golang-k8s-apiserver-dev");
        _program = program ?? "";
    }

    /// <summary>Skips the test, with the reason, on a machine where the library can't be had.</summary>
    public void Require() => Assert.SkipWhen(_skipReason.Length > 0, _skipReason);

    /// <summary>Runs all requests through their policies, in order.</summary>
    internal async Task<IReadOnlyList<PolicyAnswer[]>> Run(IReadOnlyCollection<PolicyQuestion> questions)
    {
        _process ??= Process.Start(new ProcessStartInfo(_program)
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

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            _process.StandardInput.Close();
            await _process.WaitForExitAsync();
            _process.Dispose();
        }
    }

    private static string Script([CallerFilePath] string thisFile = "") =>
        Path.Combine(Path.GetDirectoryName(thisFile)!, "go-program.sh");
}
