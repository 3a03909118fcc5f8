using System.Globalization;
using System.Text;
using System.Text.Json;
using RunnerWebhook.Certificates;

namespace RunnerWebhook.Tests.Certificates;

/// <summary>A Secret, a live caBundle and a clock, moved by a replica as the server moves them.</summary>
internal sealed class CertificateScenario
{
    public static readonly CertificateTerms Terms = new();
    public static readonly string[] Names = ServiceNames.Of("runner-webhook", "ci");

    public DateTimeOffset Now { get; set; } = DateTimeOffset.Parse("2030-01-01T00:00:00Z", CultureInfo.InvariantCulture);

    /// <summary>The Secret's data.</summary>
    public Dictionary<string, string> Secret { get; set; } = [];

    /// <summary>The live caBundle; null where it can't be seen.</summary>
    public TrustBundle? Live { get; set; } = TrustBundle.Empty;

    public StoredCertificates Stored => StoredCertificates.Read(Secret);

    public WebhookRegistration? Registration => Live is null ? null : Registered(Live.Pem, Live.Pem);

    public CertificatePlan Decide() => CertificatePlan.Decide(Stored, Registration, Names, Terms, Now);

    /// <summary>Decides, writes the Secret, and lets the live caBundle follow.</summary>
    public CertificateAction Step()
    {
        var plan = Decide();
        if (plan.Action != CertificateAction.Keep)
        {
            Secret = plan.CarryOut(Stored, Registration, Names, Terms, Now).Write();
        }

        Live = Live is null ? null : Stored.Trusted;
        return plan.Action;
    }

    public static WebhookRegistration Registered(params string[] caBundles) => WebhookRegistration.Read(JsonElement.Parse($$"""
        {"metadata":{"resourceVersion":"1"},"webhooks":[{{string.Join(',', caBundles.Select((pem, index) => $$$"""
        {"name":"{{{index}}}","clientConfig":{"service":{"name":"runner-webhook","namespace":"ci","path":"/mutate"},
        "caBundle":"{{{Convert.ToBase64String(Encoding.UTF8.GetBytes(pem))}}}"}}
        """))}}]}
        """));
}
