using System.Collections.Immutable;
using System.Text.Json;

namespace RunnerWebhook.Core.Settings;

/// <summary>One named way to register and run a runner: an entry of <c>profiles</c> in the configuration.</summary>
public sealed record RunnerProfile
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The lines of the fields that the configuration file states, by path, as in <c>register.url</c>; every
    /// other field has its built-in value.</summary>
    public ImmutableSortedDictionary<string, int> StatedAt { get; init; } =
        ImmutableSortedDictionary.Create<string, int>(StringComparer.Ordinal);

    /// <summary>Register options by name, each with its values: one, or several where the option is a list. Built in:
    /// <c>executor: docker</c>.</summary>
    public ImmutableDictionary<string, ImmutableArray<string>> Register { get; init; } =
        ImmutableDictionary<string, ImmutableArray<string>>.Empty.Add("executor", ["docker"]);

    /// <summary>Arguments appended to <c>register</c> unchanged. Default none.</summary>
    public ImmutableArray<string> ExtraArgs { get; init; } = [];

    /// <summary>Where the token comes from.</summary>
    public TokenSettings Token { get; init; } = TokenSettings.Default;

    /// <summary>The Docker Engine.</summary>
    public EngineSettings Engine { get; init; } = EngineSettings.Default;

    /// <summary>The runtime class for pods that name none, e.g. one of Sysbox, gVisor or Kata. Default empty: the
    /// cluster's own runtime.</summary>
    public string RuntimeClassName { get; init; } = "";

    /// <summary>The init container.</summary>
    public InitContainerSettings InitContainer { get; init; } = new();

    /// <summary>The volume of <c>config.toml</c>.</summary>
    public ConfigVolumeSettings ConfigVolume { get; init; } = ConfigVolumeSettings.Default;

    /// <summary>The volume of the Docker socket.</summary>
    public SocketVolumeSettings SocketVolume { get; init; } = SocketVolumeSettings.Default;

    /// <summary>Identity and stopping.</summary>
    public LifecycleSettings Lifecycle { get; init; } = LifecycleSettings.Default;

    /// <summary>The template of <c>config.toml</c>. Default none.</summary>
    public TemplateSettings? Template { get; init; }

    /// <summary>The CA certificates for GitLab. Default none: the image's own.</summary>
    public CertificateSettings? Certificates { get; init; }

    /// <summary>The credentials of the cache. Default none.</summary>
    public CacheSettings? Cache { get; init; }

    /// <summary>The global section of <c>config.toml</c>, by key. Default <c>concurrent: 1</c>.</summary>
    public ImmutableSortedDictionary<string, JsonElement> Global { get; init; } =
        ImmutableSortedDictionary.Create<string, JsonElement>(StringComparer.Ordinal)
            .Add("concurrent", JsonElement.Parse("1"));
}
