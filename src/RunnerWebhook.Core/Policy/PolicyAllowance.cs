using System.Collections.Immutable;

namespace RunnerWebhook.Core.Policy;

/// <summary>Lists of what a rule allows, as globs. A list that is null restricts nothing; an empty one allows
/// nothing.</summary>
public sealed record PolicyAllowance
{
    /// <summary>The annotations that users may set, without <c>gitlab-runner/</c>.</summary>
    public ImmutableArray<string>? Annotations { get; init; }

    /// <summary>The annotations that the namespace itself may carry; null for those of <see cref="Annotations"/>.
    /// </summary>
    public ImmutableArray<string>? NamespaceAnnotations { get; init; }

    /// <summary>The engines, as in <c>hostSocket</c>.</summary>
    public ImmutableArray<string>? Engines { get; init; }

    /// <summary>The default images of jobs (<c>docker-image</c>).</summary>
    public ImmutableArray<string>? DockerImages { get; init; }

    /// <summary>The images of the runner and the init container.</summary>
    public ImmutableArray<string>? RunnerImages { get; init; }

    /// <summary>The GitLab instances (<c>url</c>, <c>clone-url</c>).</summary>
    public ImmutableArray<string>? Urls { get; init; }

    /// <summary>The paths of the node that jobs may mount (<c>docker-volumes</c>).</summary>
    public ImmutableArray<string>? HostPaths { get; init; }

    /// <summary>The runtime classes, of the profile or of the pod itself (<c>runtimeClassName</c>).</summary>
    public ImmutableArray<string>? RuntimeClasses { get; init; }

    /// <summary>Whether jobs may run privileged. Default true.</summary>
    public bool Privileged { get; init; } = true;
}
