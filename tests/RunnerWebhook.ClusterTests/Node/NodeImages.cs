using RunnerWebhook.Tests;

namespace RunnerWebhook.ClusterTests.Node;

/// <summary>The images that the tests run, made of this machine's files.</summary>
public static class NodeImages
{
    /// <summary>A shell and what goes with it, as Alpine has it.</summary>
    public const string Busybox = "busybox:test";

    /// <summary>gitlab-runner, or the stand-in for it, started as GitLab's own image starts it; and the Docker client.</summary>
    public const string Runner = "gitlab-runner:test";

    /// <summary>A Docker engine to be run in a pod.</summary>
    public const string Dind = "docker:test";

    /// <summary>The webhook, as the manifests name it.</summary>
    public const string Webhook = "runner-webhook:0.1.0";

    /// <summary>What kubelet starts a pod's sandbox with.</summary>
    internal const string Pause = "pause:test";

    /// <summary>Imports busybox, and the sandbox's image with it.</summary>
    internal static async Task ImportBusybox(DockerEngine docker)
    {
        var files = await new ImageFiles().AddBusybox();
        await docker.Import(Busybox, files, """CMD ["/bin/sh"]""");
        // As process 1 it would not hear a signal that it doesn't trap.
        await docker.Import(Pause, files, """ENTRYPOINT ["/bin/sh", "-c", "trap 'exit 0' TERM; sleep infinity & wait"]""");
    }

    /// <summary>Makes <see cref="Runner"/>.</summary>
    internal static async Task ImportRunner(DockerEngine docker)
    {
        var files = await new ImageFiles().AddBusybox();
        await files.AddProgram("/usr/bin/gitlab-runner", PublishedProgram.Runner);
        await files.AddPrograms("dumb-init", "docker");
        await docker.Import("files-of-" + Runner, files);
        await docker.Build(Runner, $"""
            FROM files-of-{Runner}
            STOPSIGNAL SIGQUIT
            ENTRYPOINT ["/usr/bin/dumb-init", "/usr/bin/gitlab-runner"]
            CMD ["run"]
            """);
    }

    /// <summary>Makes <see cref="Dind"/>.</summary>
    internal static async Task ImportDind(DockerEngine docker)
    {
        var files = await new ImageFiles().AddBusybox();
        await files.AddPrograms("docker", "dockerd", "containerd", "containerd-shim-runc-v2", "runc", "docker-init");
        await docker.Import(Dind, files);
    }

    /// <summary>Makes <see cref="Webhook"/>: what the Dockerfile makes, without a registry.</summary>
    internal static async Task ImportWebhook(DockerEngine docker)
    {
        var files = new ImageFiles();
        await files.AddProgram("/runner-webhook", PublishedProgram.Webhook);
        await files.AddLibraries("libssl.so.3", "libcrypto.so.3");
        await docker.Import(Webhook, files, "USER 65532:65532", """ENTRYPOINT ["/runner-webhook"]""");
    }
}
