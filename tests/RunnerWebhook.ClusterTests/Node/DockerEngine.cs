using RunnerWebhook.ClusterTests.ControlPlane;

namespace RunnerWebhook.ClusterTests.Node;

/// <summary>A Docker engine, by its command line.</summary>
/// <param name="socket">The path of its socket.</param>
public sealed class DockerEngine(string socket)
{
    private readonly Command _command = new("docker", "-H", "unix://" + socket);

    /// <summary>Runs a command of <c>docker</c>.</summary>
    public Task<CommandResult> Run(params string[] arguments) => _command.Run("", arguments);

    /// <summary>Makes an image of files, without a registry.</summary>
    /// <param name="name">Name and tag.</param>
    /// <param name="files">What it holds.</param>
    /// <param name="instructions">Instructions of a Dockerfile: <c>ENTRYPOINT ["/a"]</c>, <c>USER 65532</c>.</param>
    public async Task Import(string name, ImageFiles files, params string[] instructions)
    {
        var archive = Path.GetTempFileName();
        try
        {
            files.Write(archive);
            var changes = instructions.SelectMany(instruction => new[] { "--change", instruction });
            (await Run(["import", .. changes, archive, name])).Ensure();
        }
        finally
        {
            File.Delete(archive);
        }
    }

    /// <summary>Builds an image whose Dockerfile is all that it takes.</summary>
    public async Task Build(string name, string dockerfile) =>
        (await _command.Run(dockerfile, "build", "--tag", name, "-")).Ensure();

    /// <summary>The ids of the running containers that a pod's container (or <c>POD</c>, its sandbox) has.</summary>
    public async Task<string[]> ContainersOf(string space, string pod, string container) => (await Run("ps", "--quiet", "--no-trunc",
            "--filter", $"label=io.kubernetes.pod.namespace={space}", "--filter", $"label=io.kubernetes.pod.name={pod}",
            "--filter", $"label=io.kubernetes.container.name={container}"))
        .Ensure().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
