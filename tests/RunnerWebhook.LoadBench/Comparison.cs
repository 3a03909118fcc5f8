using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace RunnerWebhook.LoadBench;

/// <summary>The webhook and the floors side by side, review by review, with ratios.</summary>
/// <param name="webhook">The published webhook.</param>
/// <param name="goFloor">The floor in Go; null without a compiler.</param>
/// <param name="config">The webhook's configuration.</param>
/// <param name="reviews">The folder of recorded reviews.</param>
/// <param name="seconds">How long each measurement takes.</param>
/// <param name="rounds">How often each is repeated; the median counts.</param>
internal sealed class Comparison(string webhook, string? goFloor, string config, string reviews, int seconds, int rounds)
{
    private const int InFlight = 64;
    private const int PerSecond = 1000;

    private static readonly (string Name, string File)[] Kinds =
    [
        ("create", "pod-create.json"), ("update", "daemonset-update-rollout-restart.json"),
        ("injected", "pod-create-by-daemonset.json"), ("left alone", "daemonset-update-server-side-apply.json"),
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("load-bench").FullName;

    /// <summary>Measures everything and prints a table in Markdown.</summary>
    public async Task Run()
    {
        var (certificate, key) = WriteCertificate();
        string[] serve = ["serve", "--config", config, "--tls-cert", certificate, "--tls-key", key, "--port", "{port}", "--admin-port", "{admin}"];
        string[] floor = ["floor", "{port}", certificate, key];
        string[] go = ["{port}", certificate, key];
        Console.WriteLine($"| review | answer | server | reviews/s | CPU µs | p50 ms | p99 ms | p99.9 ms | idle MB | loaded MB | first answer ms |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        foreach (var (name, file) in Kinds)
        {
            var body = await File.ReadAllBytesAsync(Path.Combine(reviews, file));
            var size = 0;
            using (var once = await ServerUnderLoad.Start(webhook, serve, "/mutate", body))
            {
                size = await once.Send("/mutate", body);
            }

            var path = $"/{size}";
            var ours = await Measure(webhook, serve, "/mutate", body);
            var kestrel = await Measure(Environment.ProcessPath!, floor, path, body);
            var golang = goFloor is null ? null : await Measure(goFloor, go, path, body);
            Print($"{name} | {size}", "webhook", ours);
            Print(" | ", "Kestrel floor", kestrel);
            if (golang is not null)
            {
                Print(" | ", "Go floor", golang);
            }

            Print(" | ", "webhook / Kestrel floor", [.. ours.Zip(kestrel, (left, right) => left / right)]);
        }

        if (goFloor is null)
        {
            Console.WriteLine("\nThe floor in Go is left out: there is no Go compiler (Debian's package golang-go) on this machine.");
        }

        Directory.Delete(_folder, recursive: true);
    }

    private static void Print(string review, string server, double[] row) => Console.WriteLine(
        $"| {review} | {server} | " + string.Join(" | ", row.Select(value =>
            value.ToString(value >= 100 ? "0" : "0.00", CultureInfo.InvariantCulture))) + " |");

    private async Task<double[]> Measure(string program, string[] arguments, string path, byte[] body)
    {
        var rows = new List<double[]>();
        for (var round = 0; round < rounds; round++)
        {
            using var server = await ServerUnderLoad.Start(program, arguments, path, body);
            await Task.Delay(500);
            var idle = server.Memory;
            var first = server.FirstAnswer.TotalMilliseconds;
            await server.Saturate(path, body, InFlight, TimeSpan.FromSeconds(1));
            var (throughput, cpu) = await server.Saturate(path, body, InFlight, TimeSpan.FromSeconds(seconds));
            var loaded = server.Memory;
            var latencies = await server.Pace(path, body, PerSecond, TimeSpan.FromSeconds(seconds));
            rows.Add([throughput, cpu, At(latencies, 0.5), At(latencies, 0.99), At(latencies, 0.999), idle, loaded, first]);
        }

        return [.. Enumerable.Range(0, rows[0].Length).Select(column => At([.. rows.Select(row => row[column]).Order()], 0.5))];
    }

    private static double At(double[] ascending, double share) => ascending[(int)(share * (ascending.Length - 1))];

    private (string Certificate, string Key) WriteCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = DateTimeOffset.UtcNow;
        using var certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(now.AddHours(-1), now.AddDays(1));
        var (certificateFile, keyFile) = (Path.Combine(_folder, "tls.crt"), Path.Combine(_folder, "tls.key"));
        File.WriteAllText(certificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
        return (certificateFile, keyFile);
    }
}
