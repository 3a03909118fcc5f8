namespace RunnerWebhook.Cli;

/// <summary>GitLab's access token: from a file, the environment or a person, and never from an argument, which
/// everybody on the machine could read in the list of processes.</summary>
internal static class AccessToken
{
    /// <summary>The environment's variable.</summary>
    public const string Variable = "GITLAB_TOKEN";

    /// <summary>Finds the token.</summary>
    /// <param name="file">The file that holds it; null for none.</param>
    /// <param name="url">Which GitLab it is for, for the question.</param>
    /// <param name="terminal">Where to ask.</param>
    /// <exception cref="TokenException">There is none, or it can't be one.</exception>
    public static string Read(string? file, Uri url, Terminal terminal)
    {
        if (file is not null)
        {
            return Checked(Text(file), $"the file {file}");
        }

        if (terminal.Environment(Variable) is { Length: > 0 } token)
        {
            return Checked(token, $"the environment variable {Variable}");
        }

        return terminal.Ask is { } ask
            ? Checked(ask($"Access token for {url}:", true), "the answer")
            : throw TokenException.Usage("an access token of GitLab is needed: in a file that --access-token-file names, or "
                + $"in the environment variable {Variable}");
    }

    private static string Text(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw TokenException.Usage($"--access-token-file: {e.Message}");
        }
    }

    private static string Checked(string text, string source)
    {
        var token = text.Trim();
        return token.Length == 0 ? throw TokenException.Usage($"{source} is empty, but should hold an access token")
            : token.Any(c => c is <= ' ' or > '~') ? throw TokenException.Usage($"{source} should hold an access token and "
                + "nothing else, but has blanks or other characters that no token has")
            : token.Contains("glrt-", StringComparison.Ordinal) ? throw TokenException.Usage(
                $"{source} holds a runner's token (glrt-…), but should hold a user's access token (glpat-…)")
            : token;
    }
}
