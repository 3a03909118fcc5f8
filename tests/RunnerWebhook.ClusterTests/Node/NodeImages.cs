namespace RunnerWebhook.ClusterTests.Node;

/// <summary>The images that the tests run, made of this machine's files.</summary>
public static class NodeImages
{
    /// <summary>A shell and what goes with it, as Alpine has it.</summary>
    public const string Busybox = "busybox:test";

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
}
