namespace RunnerWebhook.LoadBench;

/// <summary>A server that is measured.</summary>
/// <param name="Name">How tables name it.</param>
/// <param name="Program">Its executable.</param>
/// <param name="Arguments">Its arguments, with <c>{port}</c> and <c>{admin}</c> for free ports.</param>
/// <param name="Path">Where it answers, with <c>{size}</c> for the length that the answer should have.</param>
internal sealed record Contestant(string Name, string Program, string[] Arguments, string Path)
{
    /// <summary>The webhook.</summary>
    /// <param name="program">Its executable.</param>
    /// <param name="configuration">The file of its configuration.</param>
    /// <param name="certificate">Its certificate.</param>
    public static Contestant Webhook(string program, string configuration, BenchCertificate certificate) =>
        new("webhook", program,
            ["serve", "--config", configuration, "--tls-cert", certificate.CertificateFile, "--tls-key", certificate.KeyFile,
                "--port", "{port}", "--admin-port", "{admin}"], "/mutate");

    /// <summary>The path for an answer of a size, in bytes.</summary>
    public string PathFor(int size) =>
        Path.Replace("{size}", size.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
}
