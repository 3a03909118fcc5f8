namespace RunnerWebhook.Kubernetes;

/// <summary>A kind of object as the API server's paths name it.</summary>
/// <param name="Group">The API group; empty for the core group.</param>
/// <param name="Version">The version.</param>
/// <param name="Plural">The kind in the plural, in small letters.</param>
internal sealed record ApiResource(string Group, string Version, string Plural)
{
    public static readonly ApiResource Namespaces = new("", "v1", "namespaces");
    public static readonly ApiResource Pods = new("", "v1", "pods");
    public static readonly ApiResource Secrets = new("", "v1", "secrets");
    public static readonly ApiResource ConfigMaps = new("", "v1", "configmaps");
    public static readonly ApiResource Nodes = new("", "v1", "nodes");
    public static readonly ApiResource Events = new("", "v1", "events");
    public static readonly ApiResource EndpointSlices = new("discovery.k8s.io", "v1", "endpointslices");
    public static readonly ApiResource Deployments = new("apps", "v1", "deployments");

    public static readonly ApiResource Certificates = new("cert-manager.io", "v1", "certificates");
    public static readonly ApiResource Issuers = new("cert-manager.io", "v1", "issuers");

    public static readonly ApiResource MutatingWebhookConfigurations =
        new("admissionregistration.k8s.io", "v1", "mutatingwebhookconfigurations");

    public static readonly ApiResource ValidatingAdmissionPolicies =
        new("admissionregistration.k8s.io", "v1", "validatingadmissionpolicies");

    public static readonly ApiResource ValidatingAdmissionPolicyBindings =
        new("admissionregistration.k8s.io", "v1", "validatingadmissionpolicybindings");

    public static readonly ApiResource MutatingAdmissionPolicies =
        new("admissionregistration.k8s.io", "v1", "mutatingadmissionpolicies");

    public static readonly ApiResource MutatingAdmissionPolicyBindings =
        new("admissionregistration.k8s.io", "v1", "mutatingadmissionpolicybindings");

    public static readonly ApiResource SelfSubjectAccessReviews =
        new("authorization.k8s.io", "v1", "selfsubjectaccessreviews");

    /// <summary>The path of one object or of all, relative to the API server's address.</summary>
    /// <param name="namespaceName">The namespace; null for objects without one, and for those of all namespaces.</param>
    /// <param name="name">The object; null for all.</param>
    public string PathOf(string? namespaceName, string? name = null) =>
        (Group.Length == 0 ? $"api/{Version}" : $"apis/{Group}/{Version}")
        + (namespaceName is null ? "" : $"/namespaces/{Uri.EscapeDataString(namespaceName)}")
        + $"/{Plural}" + (name is null ? "" : $"/{Uri.EscapeDataString(name)}");
}
