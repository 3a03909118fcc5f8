namespace RunnerWebhook.Cli;

/// <summary>GitLab's access token: from a file, the environment or a person; never from an argument, which other users of
/// the machine can read.</summary>
internal static class AccessToken
{
    /// <summary>The environment's variable.</summary>
    public const string Variable = "GITLAB_TOKEN";

    /// <summary>Finds the token.</summary>
    /// <param name="file">The file that holds it; null to look elsewhere.</param>
    /// <param name="url">The GitLab that it is for, named in the question.</param>
    /// <param name="terminal">Where to ask.</param>
    /// <exception cref="CommandException">There is none, or it can't be an access token.</exception>
    public static string Read(string? file, Uri url, Terminal terminal)
    {
        if (file is not null)
        {
            return Checked(CommandException.Reading(() => InputFile.ReadText(file), "--access-token-file"), $"the file {file}");
        }

        if (terminal.Environment(Variable) is { Length: > 0 } token)
        {
            return Checked(token, $"the environment variable {Variable}");
        }

        return terminal.Ask is { } ask
            ? Checked(ask($"Access token for {url}:", true), "the answer")
            : throw CommandException.Usage("an access token of GitLab is needed: in a file that --access-token-file names, or "
                + $"in the environment variable {Variable}");
    }

    private static string Checked(string text, string source)
    {
        var token = text.Trim();
        return token.Length == 0 ? throw CommandException.Usage($"{source} is empty, but should hold an access token")
            : token.Any(c => c is <= ' ' or > '~') ? throw CommandException.Usage($"{source} should hold an access token and "
                + "nothing else, but has blanks or other characters that no token has")
            : token.Contains("glrt-", StringComparison.Ordinal) ? throw CommandException.Usage(
                $"{source} holds a runner's token (glrt-…), but should hold a user's access token (glpat-…)")
            : token;
    }
}
