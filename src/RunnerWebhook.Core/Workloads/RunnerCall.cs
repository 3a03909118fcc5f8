using System.Collections.Immutable;

namespace RunnerWebhook.Core.Workloads;

/// <summary>One call of <c>gitlab-runner</c> that a container makes.</summary>
/// <param name="Verb">The command, as in <c>run</c>; empty if there is none.</param>
/// <param name="Arguments">What follows it.</param>
/// <param name="ConfigVariable">The value that the script itself gives <c>CONFIG_FILE</c> for this call; null for none.</param>
public sealed record RunnerCall(string Verb, ImmutableArray<string> Arguments, string? ConfigVariable)
{
    private static readonly string[] HelpFlags = ["-h", "--help", "-help"];

    private static readonly string[] ConfigFlags = ["-c", "--config", "-config"];

    /// <summary>Whether this call registers a runner; asking for help does not.</summary>
    public bool Registers => Verb == "register" && !Arguments.Any(HelpFlags.Contains);

    /// <summary>The configuration file that the call itself names, by <c>--config</c> or by a variable of the script; null if
    /// it names none.</summary>
    public string? ConfigFile
    {
        get
        {
            foreach (var (index, argument) in Arguments.Index())
            {
                if (ConfigFlags.Contains(argument) && index + 1 < Arguments.Length)
                {
                    return Arguments[index + 1];
                }

                var sign = argument.IndexOf('=', StringComparison.Ordinal);
                if (sign > 0 && ConfigFlags.Contains(argument[..sign]))
                {
                    return argument[(sign + 1)..];
                }
            }

            return ConfigVariable;
        }
    }
}
