using System.Diagnostics.Metrics;
using RunnerWebhook.Certificates;
using RunnerWebhook.Core.Outcomes;

namespace RunnerWebhook.Serve;

/// <summary>The server's own metrics. Labels come from closed sets only.</summary>
internal sealed class WebhookMetrics
{
    /// <summary>The meter's usual name, and the prefix of every metric.</summary>
    public const string Name = "gitlab_runner_webhook";

    private readonly RequestCounts _counts = new();
    private readonly Histogram<double> _duration;
    private long _callersRefused;

    public WebhookMetrics(IMeterFactory meters, ServeOptions options, ServingCertificate certificate, WebhookTrust trust,
        CaBundleReadiness caBundle, CertificateUpkeep upkeep, ActiveConfiguration configuration, NamespaceDirectory namespaces,
        ConnectionLimit connections)
    {
        var meter = meters.Create(options.MeterName);
        meter.CreateObservableCounter($"{Name}_requests", _counts.Reviewed, null, "Admission requests by outcome.");
        meter.CreateObservableCounter($"{Name}_bad_requests", _counts.Refused, null,
            "HTTP requests that were refused: they held no AdmissionReview, or met a fault.");
        meter.CreateObservableCounter($"{Name}_connections_dropped", () => connections.Dropped, null,
            "Connections that were closed because too many were open.");
        meter.CreateObservableCounter($"{Name}_callers_refused", () => Interlocked.Read(ref _callersRefused), null,
            "Connections refused for want of a client certificate that --client-ca accepts.");
        _duration = meter.CreateHistogram($"{Name}_request_duration", "s", "Time to answer an admission request.", null,
            new InstrumentAdvice<double>
            {
                HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
            });
        meter.CreateObservableGauge($"{Name}_build_info", () => new Measurement<int>(1, [new("version", ProgramVersion.Text)]),
            null, "Always 1; the label is the version.");
        meter.CreateObservableGauge($"{Name}_certificate_expiry_timestamp",
            () => Known(certificate.NotAfter?.ToUnixTimeSeconds()),
            "s", "When the certificate in service expires, in seconds since 1970.");
        meter.CreateObservableGauge($"{Name}_certificate_reload_failed", () => certificate.Problem is null ? 0 : 1,
            null, "1 if the certificate offered last cannot be used and the current one stays in service.");
        meter.CreateObservableGauge($"{Name}_certificate_waiting", () => certificate.Waits is null ? 0 : 1,
            null, "1 while a newer certificate waits until the live caBundle trusts it, or until it is valid.");
        meter.CreateObservableGauge($"{Name}_ca_bundle_match", () => Known(caBundle.Matches is { } good ? good ? 1 : 0 : null),
            null, "1 if every webhook's live caBundle trusts the certificate in service; no value while not known.");
        meter.CreateObservableCounter($"{Name}_ca_bundle_repairs", () => trust.Repairs,
            null, "How often this replica had to set the live caBundle.");
        meter.CreateObservableGauge($"{Name}_ca_expiry_timestamp", () => Known(upkeep.AuthorityNotAfter?.ToUnixTimeSeconds()),
            "s", "When the newest self-managed CA expires, in seconds since 1970.");
        meter.CreateObservableGauge($"{Name}_certificate_upkeep_failed", () => upkeep.Problem is null ? 0 : 1,
            null, "1 if the last pass over the Secret and the caBundle failed.");
        meter.CreateObservableGauge($"{Name}_configuration_reload_failed", () => configuration.Problem is null ? 0 : 1,
            null, "1 if the configuration's file has mistakes and the last good one stays in force.");
        meter.CreateObservableGauge($"{Name}_configuration_waiting", () => configuration.Waiting is null ? 0 : 1,
            null, "1 while an accepted configuration waits for something it needs and the last good one stays in force.");
        meter.CreateObservableGauge($"{Name}_configuration_info",
            () => configuration.Injector is { } injector
                ? new Measurement<int>[] { new(1, new KeyValuePair<string, object?>("revision", injector.Revision)) } : [],
            null, "Always 1; the label is the revision in force.");
        meter.CreateObservableGauge($"{Name}_namespaces", () => Measure(namespaces.IsFilled ? namespaces.Count : null),
            null, "The namespaces known; no value while they are not watched or not listed yet.");
        meter.CreateObservableGauge($"{Name}_namespaces_age", () => Measure(namespaces.Age?.TotalSeconds),
            "s", "Time since the API server last confirmed the namespaces; about a minute is usual.");
    }

    /// <summary>How many requests were answered with an AdmissionReview.</summary>
    public long Reviews => _counts.Reviews;

    /// <summary>Counts a request that was answered with an AdmissionReview.</summary>
    public void Reviewed(OutcomeCode outcome, string kind, TimeSpan elapsed)
    {
        _counts.AddReviewed(outcome, kind);
        _duration.Record(elapsed.TotalSeconds);
    }

    private static Measurement<double>[] Measure(double? value) => value is { } known ? [new(known)] : [];

    /// <summary>Counts a request that was refused as HTTP.</summary>
    public void Refused(int status) => _counts.AddRefused(status);

    /// <summary>Counts a connection whose caller has no accepted client certificate.</summary>
    public void CallerRefused() => Interlocked.Increment(ref _callersRefused);

    // A gauge whose value is not known has no value, rather than a wrong one.
    private static Measurement<long>[] Known(long? value) => value is { } known ? [new(known)] : [];
}
