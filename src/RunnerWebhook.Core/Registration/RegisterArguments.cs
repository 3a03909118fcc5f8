using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace RunnerWebhook.Core.Registration;

/// <summary>Arguments of <c>gitlab-runner register</c> as the user writes them.</summary>
public static class RegisterArguments
{
    private static readonly string[] TokenOptions = ["token", "t", "registration-token", "r"];

    /// <summary>The option of an argument, without its value.</summary>
    public static string NameOf(string argument) => argument.Split([' ', '\t', '\n', '='])[0];

    /// <summary>Whether a text is one argument: several in one are an option that gitlab-runner does not know.</summary>
    public static bool IsOne(string argument) => !argument.StartsWith('-')
        || !argument.TakeWhile(letter => letter != '=').Any(char.IsWhiteSpace);

    /// <summary>Arguments as they may be shown: without what is known for a token or another credential.</summary>
    public static JsonArray Shown(ImmutableArray<string> arguments)
    {
        var shown = new JsonArray();
        var isSecret = false;
        foreach (var argument in arguments)
        {
            var option = argument.Split('=')[0];
            var (isCredential, isWhole) = (IsToken(option) || IsSecret(option), option.Length < argument.Length);
            shown.Add((JsonNode)(isSecret ? RegisterOptions.NotShown
                : isCredential && isWhole ? $"{option}={RegisterOptions.NotShown}" : argument));
            isSecret = !isSecret && isCredential && !isWhole;
        }

        return shown;
    }

    /// <summary>Whether an argument is the option of the runner's token; gitlab-runner also takes long names after one
    /// dash.</summary>
    public static bool IsToken(string argument) => argument.StartsWith('-') && TokenOptions.Contains(OptionOf(argument));

    /// <summary>Whether an argument is the option of a credential other than the runner's token.</summary>
    public static bool IsSecret(string argument) =>
        argument.StartsWith('-') && RegisterOptions.Find(OptionOf(argument)) is { Secret: true };

    private static string OptionOf(string argument) => argument.Split('=')[0].TrimStart('-');
}
