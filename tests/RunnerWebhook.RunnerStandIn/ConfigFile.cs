using System.Globalization;
using System.Text;
using System.Text.Json;

namespace RunnerWebhook.RunnerStandIn;

/// <summary><c>config.toml</c>: the global section as it stands, and the entries of runners.</summary>
internal sealed class ConfigFile(string path)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The lines before the first runner, kept as they are.</summary>
    public List<string> Global { get; private set; } = [];

    /// <summary>The runners.</summary>
    public List<RunnerEntry> Runners { get; } = [];

    /// <summary>Where it lies.</summary>
    public string Path => path;

    /// <summary>Its folder.</summary>
    public string Folder => System.IO.Path.GetDirectoryName(path)!;

    /// <summary>Where the flags, or else who runs this, say that it lies.</summary>
    public static string Locate(Flags flags)
    {
        if (flags.Text("config") is { Length: > 0 } named)
        {
            return System.IO.Path.GetFullPath(named);
        }

        if (Environment.UserName == "root")
        {
            return "/etc/gitlab-runner/config.toml";
        }

        return Environment.GetEnvironmentVariable("HOME") is { Length: > 0 } home
            ? home + "/.gitlab-runner/config.toml"
            : throw new FatalException("the \"HOME\" is not set");
    }

    /// <summary>Reads the file. One that is missing or empty holds no runner.</summary>
    /// <exception cref="FatalException">The file is no TOML, or can't be read.</exception>
    public static ConfigFile Load(string path)
    {
        var config = new ConfigFile(path);
        if (!File.Exists(path))
        {
            return config;
        }

        try
        {
            config.Read(File.ReadAllLines(path));
            return config;
        }
        catch (UnauthorizedAccessException)
        {
            throw new FatalException($"open {path}: permission denied");
        }
    }

    /// <summary>Writes the file in place: an existing one keeps its mode, a new one is the owner's alone.</summary>
    /// <exception cref="IOException">The file can't be written.</exception>
    public void Save()
    {
        Directory.CreateDirectory(Folder);
        var isNew = !File.Exists(path);
        using (var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = isNew ? OwnerOnly : null,
        }))
        {
            var text = string.Join('\n', Global.Append("")) + string.Concat(Runners.Select(runner => runner.Toml));
            file.Write(Encoding.UTF8.GetBytes(text));
        }
    }

    private void Read(string[] lines)
    {
        var entry = new List<string>();
        var isGlobal = true;
        foreach (var (index, line) in lines.Index())
        {
            if (!IsToml(line))
            {
                throw new FatalException(string.Create(CultureInfo.InvariantCulture, $"toml: line {index + 1}: expected a key or a table"));
            }

            if (line.Trim() == "[[runners]]")
            {
                Take(entry, isGlobal);
                (entry, isGlobal) = ([], false);
            }

            entry.Add(line);
        }

        Take(entry, isGlobal);
    }

    private void Take(List<string> lines, bool isGlobal)
    {
        if (isGlobal)
        {
            Global = lines;
        }
        else
        {
            Runners.Add(new(string.Join('\n', lines) + "\n"));
        }
    }

    // As much of TOML as these files hold: comments, tables, and keys with one-line values.
    private static bool IsToml(string line)
    {
        var text = line.Trim();
        if (text.Length == 0 || text[0] == '#')
        {
            return true;
        }

        if (text[0] == '[')
        {
            return text.StartsWith("[[", StringComparison.Ordinal) ? text.EndsWith("]]", StringComparison.Ordinal) : text.EndsWith(']');
        }

        var value = text[(text.IndexOf('=', StringComparison.Ordinal) + 1)..].Trim();
        return text.Contains('=', StringComparison.Ordinal) && value.Length > 0 && (value[0] != '"' || IsString(value));
    }

    private static bool IsString(string value)
    {
        try
        {
            using var json = JsonDocument.Parse(value);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
