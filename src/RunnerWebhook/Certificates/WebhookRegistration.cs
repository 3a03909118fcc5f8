using System.Collections.Immutable;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace RunnerWebhook.Certificates;

/// <summary>The webhook as it is registered: a MutatingWebhookConfiguration.</summary>
/// <param name="ResourceVersion">The object's version.</param>
/// <param name="Webhooks">Its webhooks.</param>
internal sealed record WebhookRegistration(string ResourceVersion, ImmutableArray<RegisteredWebhook> Webhooks)
{
    /// <summary>Every CA that any of the webhooks trusts.</summary>
    public TrustBundle AllTrusted =>
        Webhooks.Aggregate(TrustBundle.Empty, (all, webhook) => all.With(webhook.Trusted));

    /// <summary>Reads the object.</summary>
    public static WebhookRegistration Read(JsonElement json) => new(
        json.GetProperty("metadata").GetProperty("resourceVersion").GetString()!,
        json.TryGetProperty("webhooks", out var webhooks) && webhooks.ValueKind == JsonValueKind.Array
            ? [.. webhooks.EnumerateArray().Select(RegisteredWebhook.Read)] : []);

    /// <summary>Whether both have the same webhooks, each trusting the same certificates.</summary>
    public bool TrustsTheSameAs(WebhookRegistration other) => Webhooks.Length == other.Webhooks.Length
        && Webhooks.All(webhook => other.Webhooks.Any(one =>
            one.Name == webhook.Name && one.Host == webhook.Host && one.Trusted.TrustsTheSameAs(webhook.Trusted)));

    /// <summary>Whether every webhook trusts a CA.</summary>
    public bool Trusts(X509Certificate2 authority) => Webhooks.All(webhook => webhook.Trusted.Contains(authority));

    /// <summary>The webhooks that would refuse a server's certificate.</summary>
    /// <param name="leaf">The certificate.</param>
    /// <param name="intermediates">The certificates that the server sends with it.</param>
    /// <param name="now">The time.</param>
    public ImmutableArray<string> Refusing(X509Certificate2 leaf, IReadOnlyCollection<X509Certificate2> intermediates,
        DateTimeOffset now) => [.. Webhooks.Where(webhook =>
            !leaf.MatchesHostname(webhook.Host) || !webhook.Trusted.Vouches(leaf, intermediates, now))
            .Select(webhook => webhook.Name)];
}
