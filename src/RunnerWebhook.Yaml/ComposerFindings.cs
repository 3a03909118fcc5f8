namespace RunnerWebhook.Yaml;

/// <summary>Collects what is wrong with a text.</summary>
/// <param name="lines">The lines of the whole text.</param>
/// <param name="lastKeyWins">Whether a repeated key is only remarkable, as it is to kubectl.</param>
internal sealed class ComposerFindings(LineMap lines, bool lastKeyWins)
{
    private const int MaxErrors = 20;

    /// <summary>What is wrong.</summary>
    public List<YamlError> Errors { get; } = [];

    /// <summary>What is remarkable.</summary>
    public List<YamlError> Notes { get; } = [];

    /// <summary>Where the part that is being read starts in the whole text.</summary>
    public int Base { get; set; }

    /// <summary>Whether there are so many errors that no more are looked for.</summary>
    public bool IsFull => Errors.Count >= MaxErrors;

    /// <summary>Adds an error at an offset of the part.</summary>
    public void Add(int offset, string message)
    {
        if (!IsFull)
        {
            Errors.Add(lines.Error(Base + offset, message));
        }
    }

    /// <summary>Adds a key that is there a second time.</summary>
    public void AddRepeated(string name, int first, int second)
    {
        var line = lines.At(Base + first).Line;
        if (lastKeyWins)
        {
            Notes.Add(lines.Error(Base + second, $"the key '{name}' is there twice, and replaces that of line {line}"));
        }
        else
        {
            Add(second, $"the key '{name}' is there twice: in line {line} and here");
        }
    }
}
