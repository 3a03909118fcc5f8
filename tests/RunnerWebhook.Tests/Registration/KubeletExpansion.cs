using System.Text;

namespace RunnerWebhook.Tests.Registration;

/// <summary>What kubelet makes of commands, arguments and variables (source: the documentation of EnvVar.value): $(NAME)
/// stands for a variable that is there, $$ for one dollar sign, and everything else for itself.</summary>
internal static class KubeletExpansion
{
    public static string Of(string text, IReadOnlyDictionary<string, string> variables)
    {
        var result = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            var end = text[i] == '$' && i + 1 < text.Length && text[i + 1] == '(' ? text.IndexOf(')', i) : -1;
            if (text[i] == '$' && i + 1 < text.Length && text[i + 1] == '$')
            {
                result.Append('$');
                i++;
            }
            else if (end > 0)
            {
                var name = text[(i + 2)..end];
                result.Append(variables.TryGetValue(name, out var value) ? value : $"$({name})");
                i = end;
            }
            else
            {
                result.Append(text[i]);
            }
        }

        return result.ToString();
    }
}
