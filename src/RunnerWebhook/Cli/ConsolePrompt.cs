using System.Text;

namespace RunnerWebhook.Cli;

/// <summary>Questions to the person before the terminal, on standard error.</summary>
internal static class ConsolePrompt
{
    /// <summary>Asks and waits for one line.</summary>
    /// <param name="question">The question, without what follows it.</param>
    /// <param name="isHidden">Whether the answer stays unseen.</param>
    public static string Ask(string question, bool isHidden)
    {
        Console.Error.Write(question + " ");
        if (!isHidden)
        {
            return Console.ReadLine() ?? "";
        }

        var answer = new StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key == ConsoleKey.Backspace)
            {
                answer.Length = Math.Max(0, answer.Length - 1);
            }
            else if (!char.IsControl(key.KeyChar))
            {
                answer.Append(key.KeyChar);
            }
        }

        Console.Error.WriteLine();
        return answer.ToString();
    }
}
