namespace RunnerWebhook.RunnerStandIn;

/// <summary>A template: fills in what the flags leave out. Lists are not joined, and its token is dropped.</summary>
internal sealed class Template
{
    private readonly List<(string Section, string Line)> _lines = [];

    /// <summary>Reads a template.</summary>
    /// <exception cref="FatalException">It can't be read, or has not exactly one entry.</exception>
    public static Template Load(string path)
    {
        if (!File.Exists(path) || ConfigFile.Load(path) is not { Runners: [var entry] })
        {
            throw new FatalException("Could not handle configuration merging from template file")
            {
                // A file that is missing counts as an empty one.
                Error = "configuration template must contain exactly one [[runners]] entry",
            };
        }

        var template = new Template();
        var section = "[[runners]]";
        foreach (var line in entry.Toml.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#'))
        {
            section = line[0] == '[' ? line : section;
            if (line[0] != '[' && Key(line) != "token")
            {
                template._lines.Add((section, line));
            }
        }

        return template;
    }

    /// <summary>An entry's text with what it lacks.</summary>
    public string AddTo(string entry)
    {
        var lines = entry.Split('\n').ToList();
        foreach (var (section, line) in _lines)
        {
            var start = lines.FindIndex(own => own.Trim() == section);
            if (start < 0)
            {
                start = lines.Count - 1;
                lines.Insert(start, section);
            }

            var end = lines.FindIndex(start + 1, own => own.Trim() is ['[', ..] or "");
            if (!lines[(start + 1)..end].Exists(own => Key(own) == Key(line)))
            {
                lines.Insert(end, line);
            }
        }

        return string.Join('\n', lines);
    }

    private static string Key(string line) => line.Split('=')[0].Trim();
}
