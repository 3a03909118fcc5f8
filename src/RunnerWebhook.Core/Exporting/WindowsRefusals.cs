using System.Text.Json.Nodes;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Core.Exporting;

/// <summary>Why pods for Windows nodes are rejected, as expressions: <see cref="WindowsPod"/> in CEL. The engine looks at these
/// first, and names the first sign.</summary>
internal static class WindowsRefusals
{
    private const string Terms = "variables.spec.?affinity.?nodeAffinity.?requiredDuringSchedulingIgnoredDuringExecution"
        + ".?nodeSelectorTerms.orValue([])";

    private static string Windows => Cel.Text(WindowsPod.Windows);

    /// <summary>The conditions with their sentences, each ending where the next expression follows.</summary>
    public static string All() => string.Join(" ", [.. Pods(), "variables.windows != [] ? [variables.windows[0]] :\n"]);

    /// <summary>The variable of the containers' signs.</summary>
    public static (string Name, string Expression) Variable()
    {
        const string words = "(c.?command.orValue([]) + c.?args.orValue([]) + [''])[0]";
        var (holes, image) = (new Holes(), WindowsPod.BaseImages[0]);
        var (name, word, of) = (holes.Open("c.name"), holes.Open(words), holes.Open("c.?image.orValue('')"));
        var options = Sentence(name, new() { ["securityContext"] = new JsonObject { ["windowsOptions"] = new JsonObject() } });
        var program = Sentence(name, new() { ["command"] = new JsonArray($"{word}.exe") })
            .Replace($"{word}.exe", word, StringComparison.Ordinal);
        var based = Sentence(name, new() { ["image"] = of + image }).Replace(of + image, of, StringComparison.Ordinal);
        var programs = Cel.Text($@"(?i)(\.exe$|^({string.Join('|', WindowsPod.Programs)})$)");
        var images = Cel.Text(string.Join('|', WindowsPod.BaseImages));
        var sign = $"c.?securityContext.?windowsOptions.hasValue() ? {holes.Fill(options)} : {words}.matches({programs}) ? "
            + $"{holes.Fill(program)} : c.?image.orValue('').matches({images}) ? {holes.Fill(based)} : ''";
        return ("windows", $"variables.spec.containers.map(c, {sign}).filter(s, s != '')");
    }

    private static IEnumerable<string> Pods()
    {
        yield return Said($"variables.spec.?os.?name.orValue('') == {Windows}",
            new() { ["os"] = new JsonObject { ["name"] = WindowsPod.Windows } });
        foreach (var label in WindowsPod.NodeLabels)
        {
            yield return Said($"variables.spec.?nodeSelector[?{Cel.Text(label)}].orValue('') == {Windows}",
                new() { ["nodeSelector"] = new JsonObject { [label] = WindowsPod.Windows } });
        }

        yield return Said($"{Terms} != [] && {Terms}.all(t, t.?matchExpressions.orValue([]).exists(e, e.key in "
            + $"{Cel.Texts(WindowsPod.NodeLabels)} && e.operator == 'In' && e.?values.orValue([]) == [{Windows}]))", Affinity());
        yield return Said("variables.spec.?securityContext.?windowsOptions.hasValue()",
            new() { ["securityContext"] = new JsonObject { ["windowsOptions"] = new JsonObject() } });
    }

    private static string Said(string condition, JsonObject spec) =>
        $"{condition} ? {Cel.Texts([Probe.Refused(Probe.Template(spec: spec))])} :\n";

    private static JsonObject Affinity()
    {
        var expression = new JsonObject
        {
            ["key"] = WindowsPod.NodeLabels[0],
            ["operator"] = "In",
            ["values"] = new JsonArray(WindowsPod.Windows),
        };
        var term = new JsonObject { ["matchExpressions"] = new JsonArray(expression) };
        var required = new JsonObject { ["nodeSelectorTerms"] = new JsonArray(term) };
        return new()
        {
            ["affinity"] = new JsonObject
            {
                ["nodeAffinity"] = new JsonObject { ["requiredDuringSchedulingIgnoredDuringExecution"] = required },
            },
        };
    }

    private static string Sentence(string name, JsonObject container) => Probe.Refused(Probe.Template(name, container));
}
