using System.Text;
using System.Text.Json;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Outcomes;
using RunnerWebhook.Manifests;
using RunnerWebhook.Yaml;

namespace RunnerWebhook.Cli;

/// <summary>Collects edited manifests, and prints them once all are there.</summary>
internal abstract class ManifestOutput : IDisposable
{
    /// <summary>The output in a format.</summary>
    public static ManifestOutput Of(OutputFormat format) => format switch
    {
        OutputFormat.Json => new JsonList(),
        OutputFormat.Patch => new PatchList(),
        OutputFormat.Diff => new Texts(isDiff: true, Difference),
        OutputFormat.Yaml => new Texts(isDiff: false, AsYaml),
        _ => new Texts(isDiff: false, file => file.Text!),
    };

    /// <summary>Adds a file, which has no errors.</summary>
    public abstract void Add(ManifestResult file);

    /// <summary>Prints all files, on standard output.</summary>
    public abstract void Print(Terminal terminal);

    /// <inheritdoc/>
    public virtual void Dispose()
    {
    }

    private static string Difference(ManifestResult file) =>
        UnifiedDiff.Between(file.Source.Text, file.Text!, file.Source.Name);

    private static string AsYaml(ManifestResult file)
    {
        var isJson = file.Source.Text.TrimStart('\ufeff', ' ', '\t', '\r', '\n') is ['{' or '[', ..];
        return isJson ? string.Join("---\n", Documents(file).Select(YamlWriter.Write)) : file.Text!;
    }

    private static IEnumerable<JsonElement> Documents(ManifestResult file) =>
        YamlFile.Parse(file.Text!, out _, lastKeyWins: true)!.Documents.Select(document => document.Json);

    private sealed class Texts(bool isDiff, Func<ManifestResult, string> render) : ManifestOutput
    {
        private readonly TextSpool _spool = new();
        private Encoding? _encoding;
        private bool _isMixed;
        private int _files;
        private char _last;

        public override void Add(ManifestResult file)
        {
            // Files that share an encoding keep it; a mixture, and what is generated, is UTF-8.
            _isMixed |= isDiff || (_files > 0 && file.Source.Encoding?.WebName != _encoding?.WebName);
            _encoding = file.Source.Encoding;
            _files++;
            var text = render(file);
            if (!isDiff && _spool.Length > 0)
            {
                text = text.TrimStart('\ufeff');
                _spool.Add(_last == '\n' ? "" : "\n");
                _spool.Add(text.StartsWith("---", StringComparison.Ordinal) ? "" : "---\n");
            }

            _spool.Add(text);
            _last = text.Length > 0 ? text[^1] : _last;
        }

        public override void Print(Terminal terminal)
        {
            var encoding = _isMixed ? null : _encoding;
            if (encoding is not null || (isDiff && terminal.HasColour))
            {
                var all = string.Concat(_spool.Parts());
                terminal.Print(isDiff ? Paint.Diff(all) : all, encoding);
                return;
            }

            foreach (var part in _spool.Parts())
            {
                terminal.Print(part);
            }
        }

        public override void Dispose()
        {
            _spool.Dispose();
            base.Dispose();
        }
    }

    private sealed class JsonList : ManifestOutput
    {
        private readonly List<JsonElement> _documents = [];

        public override void Add(ManifestResult file) => _documents.AddRange(Documents(file));

        public override void Print(Terminal terminal) => terminal.Print(JsonOutput.Write(json =>
        {
            if (_documents is [var single])
            {
                single.WriteTo(json);
                return;
            }

            json.WriteStartObject();
            json.WriteString("apiVersion", "v1");
            json.WriteString("kind", "List");
            json.WriteStartArray("items");
            _documents.ForEach(document => document.WriteTo(json));
            json.WriteEndArray();
            json.WriteEndObject();
        }));
    }

    private sealed class PatchList : ManifestOutput
    {
        private readonly List<(string File, string Object, InjectionOutcome Outcome)> _objects = [];

        public override void Add(ManifestResult file) => _objects.AddRange(
            file.Objects.Select(item => (file.Source.Name, item.Object.DisplayName, item.Outcome)));

        public override void Print(Terminal terminal) => terminal.Print(_objects is [var single]
            ? Encoding.UTF8.GetString(PatchWriter.Write(single.Outcome.Patch, indented: true))
            : JsonOutput.Write(json =>
            {
                json.WriteStartArray();
                foreach (var (file, name, outcome) in _objects.Where(entry => !entry.Outcome.Patch.IsEmpty))
                {
                    json.WriteStartObject();
                    json.WriteString("file", file);
                    json.WriteString("object", name);
                    json.WritePropertyName("patch");
                    json.WriteRawValue(PatchWriter.Write(outcome.Patch));
                    json.WriteEndObject();
                }

                json.WriteEndArray();
            }));
    }
}
