using System.Collections.Immutable;

namespace RunnerWebhook.Core.Workloads;

/// <summary>Every key, name and path that users, the API server or gitlab-runner rely on.</summary>
public static class WellKnown
{
    /// <summary>The name of this program, of its webhook, and of every object that <c>charts-free-manifests</c> installs: the
    /// namespace, the Deployment, the Service, the ConfigMap, the MutatingWebhookConfiguration.</summary>
    public const string Program = "runner-webhook";

    /// <summary>The Secret of the webhook's serving certificate.</summary>
    public const string CertificateSecret = "runner-webhook-tls";

    /// <summary>The label that asks for a runner, on a Pod, a DaemonSet or a pod template.</summary>
    public const string InjectLabel = "gitlab-runner";

    /// <summary>The value of <see cref="InjectLabel"/> that asks for a runner; any other value asks for nothing.</summary>
    public const string InjectValue = "inject";

    /// <summary>The runner container's default name.</summary>
    public const string RunnerContainer = "gitlab-runner";

    /// <summary>What every annotation of this program begins with. After it comes a register option
    /// (<c>gitlab-runner/tag-list</c>) or another setting (<c>gitlab-runner/engine</c>).</summary>
    public const string AnnotationPrefix = "gitlab-runner/";

    /// <summary>Annotation, set by the user: the profile, if it isn't <see cref="DefaultProfile"/>.</summary>
    public const string ProfileAnnotation = "gitlab-runner/profile";

    /// <summary>Annotation, set by the user: the runner container's name, if it isn't
    /// <see cref="RunnerContainer"/>.</summary>
    public const string ContainerAnnotation = "gitlab-runner/container";

    /// <summary>Annotation, set by the user: the engine's kind.</summary>
    public const string EngineAnnotation = "gitlab-runner/engine";

    /// <summary>Annotation, set by the user: the key of the Secret that holds the runner's token.</summary>
    public const string TokenSecretKeyAnnotation = "gitlab-runner/token-secret-key";

    /// <summary>Annotation, set by this program: what was injected, as one line of JSON.</summary>
    public const string StatusAnnotation = "gitlab-runner/status";

    /// <summary>Annotation of a Secret, set by <c>token create</c>: the ID of the runner whose token it keeps.</summary>
    public const string RunnerIdAnnotation = "gitlab-runner/runner-id";

    /// <summary>Annotation of a Secret, set by <c>token create</c>: the GitLab of that runner.</summary>
    public const string UrlAnnotation = "gitlab-runner/url";

    /// <summary>Label of a namespace by which the shipped manifests exclude it, with the value
    /// <see cref="ExcludedValue"/>.</summary>
    public const string InjectionLabel = "runner-webhook/injection";

    /// <summary>The value of <see cref="InjectionLabel"/> that excludes a namespace.</summary>
    public const string ExcludedValue = "disabled";

    /// <summary>Annotation by which kubelet marks the mirror of a static pod.</summary>
    public const string MirrorPodAnnotation = "kubernetes.io/config.mirror";

    /// <summary>Label of a namespace that names the Pod Security level it enforces.</summary>
    public const string PodSecurityLabel = "pod-security.kubernetes.io/enforce";

    /// <summary>Label of a namespace that names the release whose Pod Security rules it enforces, e.g. <c>v1.31</c>, or
    /// <c>latest</c>.</summary>
    public const string PodSecurityVersionLabel = "pod-security.kubernetes.io/enforce-version";

    /// <summary>The directory in which gitlab-runner looks for its configuration when it runs as root.</summary>
    public const string RunnerDirectory = "/etc/gitlab-runner";

    /// <summary>The default profile.</summary>
    public const string DefaultProfile = "default";

    /// <summary>The volume of the certificates for an engine elsewhere.</summary>
    public const string DockerTlsVolume = "docker-tls";

    /// <summary>The directory of those certificates in the runner container: <c>ca.pem</c>, <c>cert.pem</c> and
    /// <c>key.pem</c>.</summary>
    public const string DockerTlsDirectory = "/etc/docker-tls";

    /// <summary>The volume of the images, containers and volumes of the pod's own engine.</summary>
    public const string DockerDataVolume = "docker-data";

    /// <summary>The directory, in both containers, of the socket that the pod's own engine shares with the
    /// runner.</summary>
    public const string DindDirectory = "/run/dind";

    /// <summary>The volume of the CA certificates for GitLab.</summary>
    public const string CertificatesVolume = "runner-certificates";

    /// <summary>The directory of those certificates, in both containers.</summary>
    public const string CertificatesDirectory = "/etc/gitlab-runner-certificates";

    /// <summary>The volume of the template of <c>config.toml</c>.</summary>
    public const string TemplateVolume = "runner-template";

    /// <summary>The directory of that template, in the init container.</summary>
    public const string TemplateDirectory = "/etc/gitlab-runner-template";

    /// <summary>The volumes whose names can't be configured.</summary>
    public static ImmutableArray<string> VolumeNames { get; } =
        [DockerTlsVolume, DockerDataVolume, CertificatesVolume, TemplateVolume];
}
