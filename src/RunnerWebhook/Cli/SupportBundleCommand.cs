using System.CommandLine;
using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using RunnerWebhook.Check;
using RunnerWebhook.Core.Workloads;
using RunnerWebhook.Kubernetes;

namespace RunnerWebhook.Cli;

/// <summary><c>support-bundle</c>: one archive for the report of a bug, without secrets.</summary>
internal sealed class SupportBundleCommand : Verb
{
    private readonly ClusterOptions _cluster = new();

    private readonly Option<string?> _out =
        CommandOption.Text("--out", "The archive; by default runner-webhook-support-TIME.tar.gz in this folder", "FILE");

    private readonly Option<bool> _all = new("--all-namespaces", "-A") { Description = "Check the workloads of all namespaces" };

    private readonly Option<string> _installation =
        CommandOption.Name("--installation-namespace", "The namespace of the webhook itself", WellKnown.Program);

    public SupportBundleCommand(Terminal terminal) : base("support-bundle", "Write an archive for the report of a bug: check, "
        + "versions, configuration, objects, events and logs of the webhook, without secrets", terminal)
    {
        Add(_out, _all, _installation);
        _cluster.AddTo(this);
    }

    protected override async Task<int> Run(ParseResult result, CancellationToken cancellation)
    {
        using var client = ClusterConnection.Open(_cluster.Read(result), Terminal.Environment);
        var scope = new CheckScope(result.GetValue(_installation)!, result.GetValue(_all) ? null : client.Namespace,
            client.Namespace);
        var now = TimeProvider.System.GetUtcNow();
        using var survey = new ClusterSurvey(client, scope, cancellation);
        var results = Checklist.Run(await survey.Take(null, now));
        SupportFile[] files =
        [
            new("program.txt", $"{WellKnown.Program} {ProgramVersion.Text}\n{RuntimeInformation.OSDescription} "
                + $"{RuntimeInformation.ProcessArchitecture}\n{RuntimeInformation.FrameworkDescription}\n"),
            new("check.txt", Redaction.Of(CheckOutput.Table(results))),
            new("check.json", Redaction.Of(CheckOutput.Json(results))),
            .. await new SupportReader(client, scope, cancellation).Read(),
        ];
        var path = result.GetValue(_out) ?? string.Create(CultureInfo.InvariantCulture,
            $"{WellKnown.Program}-support-{now.UtcDateTime:yyyyMMdd-HHmmss}.tar.gz");
        CommandException.Writing(() => Write(path, files, now));
        Terminal.Say(string.Create(CultureInfo.InvariantCulture, $"wrote {files.Length} files into {path}: ")
            + "look through it before you send it");
        Terminal.Print(path + "\n");
        return ExitCode.Fine;
    }

    private static void Write(string path, SupportFile[] files, DateTimeOffset now)
    {
        using var file = File.Create(path);
        using var zip = new GZipStream(file, CompressionLevel.Optimal);
        using var tar = new TarWriter(zip);
        foreach (var (name, text) in files)
        {
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, $"{WellKnown.Program}-support/{name}")
            {
                DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)),
                ModificationTime = now,
            });
        }
    }
}
