using System.Text;

namespace RunnerWebhook.Certificates;

/// <summary>Certificates as manifests for <c>kubectl apply --server-side</c>.</summary>
internal static class CertificateManifests
{
    /// <summary>The webhooks of the MutatingWebhookConfiguration that is shipped in <c>charts-free-manifests</c>.</summary>
    public static readonly string[] Webhooks = ["daemonsets.runner-webhook.local", "pods.runner-webhook.local"];

    /// <summary>The value of a webhook's <c>caBundle</c>.</summary>
    public static string CaBundle(string pem) => Base64(pem);

    /// <summary>The Secret that the shipped Deployment mounts.</summary>
    public static string Secret(string name, string namespaceName, string caPem, KeyPair serving) => $"""
        apiVersion: v1
        kind: Secret
        metadata:
          name: {name}
          namespace: {namespaceName}
        type: kubernetes.io/tls
        data:
          ca.crt: {Base64(caPem)}
          tls.crt: {Base64(serving.CertificatePem)}
          tls.key: {Base64(serving.KeyPem)}

        """;

    /// <summary>Nothing but <c>caBundle</c> of the shipped MutatingWebhookConfiguration: server-side apply sets it and
    /// leaves the rest as it is.</summary>
    public static string WebhookConfiguration(string name, string caPem) => $"""
        apiVersion: admissionregistration.k8s.io/v1
        kind: MutatingWebhookConfiguration
        metadata:
          name: {name}
        webhooks:

        """ + string.Concat(Webhooks.Select(webhook => $"""
          - name: {webhook}
            clientConfig:
              caBundle: {CaBundle(caPem)}

        """));

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
