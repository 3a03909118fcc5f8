using System.Text;
using System.Text.Json;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Manifests;
using RunnerWebhook.Yaml;

namespace RunnerWebhook.Cli;

/// <summary>Prints edited manifests.</summary>
internal static class ManifestOutput
{
    /// <summary>The text for standard output.</summary>
    public static string Render(IReadOnlyList<ManifestResult> results, OutputFormat format) => format switch
    {
        OutputFormat.Json => Json(results),
        OutputFormat.Patch => Patches(results),
        OutputFormat.Diff => string.Concat(results.Select(
            result => UnifiedDiff.Between(result.Source.Text, result.Text!, result.Source.Name))),
        OutputFormat.Yaml => Join([.. results.Select(AsYaml)]),
        _ => Join([.. results.Select(result => result.Text!)]),
    };

    private static string AsYaml(ManifestResult result)
    {
        var isJson = result.Source.Text.TrimStart('\ufeff', ' ', '\t', '\r', '\n') is ['{' or '[', ..];
        return isJson
            ? string.Join("---\n", Documents(result).Select(YamlWriter.Write))
            : result.Text!;
    }

    private static IEnumerable<JsonElement> Documents(ManifestResult result) =>
        YamlFile.Parse(result.Text!, out _, lastKeyWins: true)!.Documents.Select(document => document.Json);

    private static string Join(string[] texts)
    {
        var all = new StringBuilder();
        foreach (var text in texts)
        {
            if (all.Length > 0)
            {
                all.Append(all[^1] == '\n' ? "" : "\n");
                all.Append(text.TrimStart('\ufeff').StartsWith("---", StringComparison.Ordinal) ? "" : "---\n");
            }

            all.Append(all.Length > 0 ? text.TrimStart('\ufeff') : text);
        }

        return all.ToString();
    }

    private static string Json(IReadOnlyList<ManifestResult> results)
    {
        var documents = results.SelectMany(Documents).ToArray();
        return JsonOutput.Write(json =>
        {
            if (documents.Length == 1)
            {
                documents[0].WriteTo(json);
                return;
            }

            json.WriteStartObject();
            json.WriteString("apiVersion", "v1");
            json.WriteString("kind", "List");
            json.WriteStartArray("items");
            Array.ForEach(documents, document => document.WriteTo(json));
            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private static string Patches(IReadOnlyList<ManifestResult> results)
    {
        var objects = results.SelectMany(result => result.Objects.Select(item => (result.Source.Name, item))).ToArray();
        return objects.Length == 1
            ? Encoding.UTF8.GetString(PatchWriter.Write(objects[0].item.Outcome.Patch, indented: true))
            : JsonOutput.Write(json =>
            {
                json.WriteStartArray();
                foreach (var (file, (item, outcome)) in objects.Where(entry => !entry.item.Outcome.Patch.IsEmpty))
                {
                    json.WriteStartObject();
                    json.WriteString("file", file);
                    json.WriteString("object", item.DisplayName);
                    json.WritePropertyName("patch");
                    json.WriteRawValue(PatchWriter.Write(outcome.Patch));
                    json.WriteEndObject();
                }

                json.WriteEndArray();
            });
    }
}
