using System.Collections.Immutable;

namespace RunnerWebhook.RunnerStandIn;

/// <summary>A command line that can't be read: the whole help goes out first, in which every flag shows what it was given as its default.
/// That holds tokens, also those from the environment.</summary>
internal sealed class UsageException(string problem) : FatalException(problem)
{
    public void WriteHelp(string command, ImmutableArray<Flag> flags, Flags given)
    {
        Console.WriteLine($"Incorrect Usage: {Message}\n\nNAME:\n   gitlab-runner {command}\n\nUSAGE:\n   gitlab-runner {command} "
            + "[command options] [arguments...]\n\nOPTIONS:");
        foreach (var flag in flags)
        {
            var (variable, value) = (flag.Variable.Length > 0 ? $" [${flag.Variable}]" : "", given.Text(flag.Name));
            var usage = flag.Name.StartsWith("tls-", StringComparison.Ordinal) ? "File containing a certificate" : "An option";
            Console.WriteLine($"   --{flag.Name} value  {usage}{(value.Length > 0 ? $" (default: \"{value}\")" : "")}{variable}");
        }

        Console.WriteLine();
    }
}
