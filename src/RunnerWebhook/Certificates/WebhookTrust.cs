using System.Text;
using System.Text.Json.Nodes;
using RunnerWebhook.Kubernetes;
using RunnerWebhook.Logging;

namespace RunnerWebhook.Certificates;

/// <summary>What the API server trusts: the live <c>caBundle</c> of every webhook in our
/// MutatingWebhookConfiguration.</summary>
internal sealed class WebhookTrust(CertificateOptions options, TimeProvider time, ILogger<WebhookTrust> logger)
{
    private volatile WebhookRegistration? _live;
    private volatile string? _problem;
    private volatile bool _isLookedAt;

    /// <summary>The configuration as it was last read; null before the first successful read.</summary>
    public WebhookRegistration? Live => _live;

    /// <summary>Since when <see cref="Live"/> has trusted the same certificates.</summary>
    public DateTimeOffset UnchangedSince { get; private set; }

    /// <summary>Whether a first read has been tried.</summary>
    public bool IsLookedAt => _isLookedAt;

    /// <summary>Why the last read failed; null if it did not.</summary>
    public string? Problem => _problem;

    /// <summary>How often the live <c>caBundle</c> had to be set.</summary>
    public long Repairs { get; private set; }

    /// <summary>Reads the live configuration. If that fails, the last state stays.</summary>
    /// <exception cref="ApiException">The read failed for another reason than that the object does not exist.</exception>
    public async Task Look(ApiClient client, CancellationToken cancellation)
    {
        var name = options.WebhookConfiguration!;
        try
        {
            var found = await client.Find(ApiResource.MutatingWebhookConfigurations, null, name, cancellation);
            Take(found is { } json ? WebhookRegistration.Read(json) : null);
            _problem = found is null ? $"there is no MutatingWebhookConfiguration {name}: no API server calls this webhook yet"
                : null;
            _isLookedAt = true;
        }
        catch (ApiException e)
        {
            LookFailed(e);
            throw;
        }
    }

    /// <summary>Records why the live configuration cannot be read. That does not end readiness: the API server may reach a
    /// replica that cannot reach the API server.</summary>
    public void LookFailed(ApiException why) => (_problem, _isLookedAt) = (why.Message, true);

    /// <summary>Sets the live <c>caBundle</c> of every webhook, and nothing else, if it differs.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="wanted">The certificates to trust.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="ApiException">It cannot be set; <see cref="ApiProblem.Conflict"/>: the configuration has changed
    /// since it was read.</exception>
    public async Task Repair(ApiClient client, TrustBundle wanted, CancellationToken cancellation)
    {
        if (_live is not { Webhooks.Length: > 0 } live || live.Webhooks.All(webhook => webhook.Trusted.TrustsTheSameAs(wanted)))
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
        Take(WebhookRegistration.Read(answer.Body));
        Repairs++;
        Log.CaBundleSet(logger, name, wanted.Certificates.Count);
    }

    private void Take(WebhookRegistration? live)
    {
        if (live is null || _live is not { } before || !live.TrustsTheSameAs(before))
        {
            UnchangedSince = time.GetUtcNow();
        }

        _live = live;
    }
}
