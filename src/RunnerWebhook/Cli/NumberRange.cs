using System.CommandLine.Parsing;

namespace RunnerWebhook.Cli;

/// <summary>Checks numbers on the command line.</summary>
internal static class NumberRange
{
    /// <summary>Refuses a number outside a range.</summary>
    public static void Check(OptionResult result, int min, int max)
    {
        if (result.GetValueOrDefault<int>() is var value && (value < min || value > max))
        {
            result.AddError($"{result.Option.Name} is {value}, but must be from {min} to {max}");
        }
    }
}
