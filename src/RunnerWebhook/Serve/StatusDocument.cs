using System.Buffers;
using System.Text.Json;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Health;

namespace RunnerWebhook.Serve;

/// <summary><c>/status</c> on the admin port: the state of <c>/readyz?verbose</c>, as JSON for programs.</summary>
internal sealed class StatusDocument(IEnumerable<IReadinessCheck> checks, ActiveConfiguration configuration)
{
    /// <summary>The document as UTF-8.</summary>
    public ReadOnlyMemory<byte> Write()
    {
        var results = checks.Select(check => (check.Name, Result: check.Judge()))
            .Where(check => check.Result is not null).ToArray();
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("version", ProgramVersion.Text);
            json.WriteBoolean("ready", results.All(check => check.Result!.IsReady));
            json.WriteStartArray("checks");
            foreach (var (name, result) in results)
            {
                json.WriteStartObject();
                json.WriteString("name", name);
                json.WriteBoolean("ready", result!.IsReady);
                json.WriteString("state", result.State);
                json.WriteString("problem", result.Problem);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartObject("configuration");
            json.WriteString("inForce", configuration.Injector?.Revision);
            json.WriteString("waitsFor", configuration.WaitsFor);
            json.WriteString("problem", configuration.Problem is { } problem ? TokenText.Mask(problem) : null);
            json.WriteEndObject();
            json.WriteString("kubernetes", configuration.Kubernetes?.ToString());
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }
}
