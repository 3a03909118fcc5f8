using System.Text;
using System.Text.Json.Nodes;
using RunnerWebhook.Certificates;
using RunnerWebhook.Kubernetes;

namespace RunnerWebhook.Serve;

/// <summary>Whether the API server trusts the certificate in service: the live <c>caBundle</c> of every webhook in our
/// MutatingWebhookConfiguration.</summary>
internal sealed class WebhookTrust(
    ServeOptions options, ServingCertificate certificate, TimeProvider time, ILogger<WebhookTrust> logger) : IReadinessCheck
{
    private volatile WebhookRegistration? _live;
    private volatile string? _problem;
    private volatile bool _isLookedAt;

    public string Name => "ca-bundle";

    /// <summary>What was last seen; null while nothing has been.</summary>
    public WebhookRegistration? Live => _live;

    /// <summary>How often the live <c>caBundle</c> had to be set.</summary>
    public long Repairs { get; private set; }

    /// <summary>Whether every webhook trusts the certificate in service; null where that isn't known.</summary>
    public bool? Matches => Refusing() is { } refusing ? refusing.Length == 0 : null;

    /// <summary>Reads the live configuration. Where that isn't possible, what was seen before stays.</summary>
    /// <exception cref="ApiException">It can't be read, for another reason than that it isn't there.</exception>
    public async Task Look(KubernetesClient client, CancellationToken cancellation)
    {
        var name = options.WebhookConfiguration!;
        try
        {
            var found = await client.Find(ApiResource.MutatingWebhookConfigurations, null, name, cancellation);
            _live = found is { } json ? WebhookRegistration.Read(json) : null;
            _problem = found is null ? $"there is no MutatingWebhookConfiguration {name}: nobody calls this webhook yet" : null;
            _isLookedAt = true;
        }
        catch (ApiException e)
        {
            LookFailed(e);
            throw;
        }
    }

    /// <summary>Takes note of why the live configuration can't be read. That is no reason against readiness: whoever
    /// can't reach the API server may well be reached by it.</summary>
    public void LookFailed(ApiException why) => (_problem, _isLookedAt) = (why.Message, true);

    /// <summary>Sets the live <c>caBundle</c> of every webhook, and nothing else, where it differs.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="wanted">What is to be trusted.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="ApiException">It can't be set; <see cref="ApiProblem.Conflict"/>: somebody has changed the
    /// configuration since it was looked at.</exception>
    public async Task Repair(KubernetesClient client, TrustBundle wanted, CancellationToken cancellation)
    {
        if (_live is not { Webhooks.Length: > 0 } live || live.Webhooks.All(webhook => webhook.Trusted.Equals(wanted)))
        {
            return;
        }

        var name = options.WebhookConfiguration!;
        var caBundle = Convert.ToBase64String(Encoding.UTF8.GetBytes(wanted.Pem));
        var answer = await client.Apply(ApiResource.MutatingWebhookConfigurations, null, name, new JsonObject
        {
            ["apiVersion"] = "admissionregistration.k8s.io/v1",
            ["kind"] = "MutatingWebhookConfiguration",
            ["metadata"] = new JsonObject { ["name"] = name, ["resourceVersion"] = live.ResourceVersion },
            ["webhooks"] = new JsonArray([.. live.Webhooks.Select(webhook => new JsonObject
            {
                ["name"] = webhook.Name,
                ["clientConfig"] = new JsonObject { ["caBundle"] = caBundle },
            })]),
        }, new() { Force = true }, cancellation);
        _live = WebhookRegistration.Read(answer.Body);
        Repairs++;
        Log.CaBundleSet(logger, name, wanted.Certificates.Count);
    }

    public Readiness? Judge() => options.WebhookConfiguration is null ? null
        : !_isLookedAt ? new(false, "not looked at yet")
        : Refusing() is not { } refusing ? new(true, "not known", _problem)
        : refusing.Length == 0 ? new(true, "trusts the certificate in service", _problem)
        : new(false, $"{string.Join(", ", refusing)} of {options.WebhookConfiguration} would refuse the certificate in "
            + (IsEmpty ? "service: there is no caBundle yet" : "service"), _problem);

    private bool IsEmpty => _live is { } live && live.Webhooks.All(webhook => webhook.Trusted.Certificates.Count == 0);

    private string[]? Refusing() => _live is { Webhooks.Length: > 0 } live && certificate.Current is { } current
        ? [.. live.Refusing(current.TargetCertificate, current.IntermediateCertificates, time.GetUtcNow())]
        : null;
}
