using System.Collections.Frozen;
using System.Collections.Immutable;
using RunnerWebhook.Core.Json;

namespace RunnerWebhook.Core.Workloads;

/// <summary>
/// Reads which <c>gitlab-runner</c> commands a container runs, as the entry point of GitLab's image, an init program or a shell
/// would: arguments alone, wrappers, scripts of several commands. What a script file contains can't be seen from here.
/// </summary>
public sealed class RunnerCommand
{
    /// <summary>The variable that names the configuration file.</summary>
    internal const string ConfigVariable = "CONFIG_FILE";

    private const string Runner = "gitlab-runner";

    // Shells that run shells; deeper nesting is not read.
    private const int MaxDepth = 10;

    // Commands and characters of scripts that are looked at: scripts can call each other without end.
    private const int MaxWork = 1_000_000;

    private const int MaxWords = 1_000;

    // Source: the image's ENTRYPOINT is dumb-init and this script, which hands its arguments to gitlab-runner.
    private static readonly FrozenSet<string> EntryPoints = FrozenSet.Create(StringComparer.Ordinal,
        "entrypoint", "entrypoint.sh", "docker-entrypoint", "docker-entrypoint.sh");

    private static readonly FrozenSet<string> GlobalValueOptions = FrozenSet.Create(StringComparer.Ordinal,
        "--log-format", "--log-level", "-l", "--cpuprofile", "-log-format", "-log-level", "-cpuprofile");

    private static readonly FrozenSet<string> RegisterFlags = FrozenSet.Create(StringComparer.Ordinal,
        "--non-interactive", "-n", "--url", "-u", "--token", "-t", "--registration-token", "-r", "--executor");

    private readonly ImmutableArray<RunnerCall>.Builder _calls = ImmutableArray.CreateBuilder<RunnerCall>();
    private readonly ImmutableArray<string>.Builder _written = ImmutableArray.CreateBuilder<string>();
    private readonly Dictionary<string, string> _variables;
    private ImmutableArray<string> _positional = [];
    private string? _configVariable;
    private int _budget = MaxWork;

    private RunnerCommand(Container container) => _variables = Literals(container);

    /// <summary>The calls of the container that runs the runner: its image's entry point is gitlab-runner's, and without
    /// arguments it is <c>run</c>.</summary>
    public static ImmutableArray<RunnerCall> OfRunner(Container container) => Of(container, isRunner: true);

    /// <summary>Whether the runner container starts by the entry point of GitLab's image.</summary>
    public static bool UsesEntryPoint(Container container) => Words(container, "command") is var command
        && (command.IsEmpty || command.Any(word => EntryPoints.Contains(CommandWrappers.ProgramOf(word))));

    /// <summary>The calls of any other container.</summary>
    /// <param name="container">The container.</param>
    /// <param name="runnerImage">The image of the runner container, whose entry point is known.</param>
    public static ImmutableArray<RunnerCall> OfOther(Container container, string runnerImage)
    {
        var args = Words(container, "args");
        var isRunner = container.Image == runnerImage
            || ImageReference.Parse(container.Image).Name.Contains(Runner, StringComparison.Ordinal)
            || args.Any(argument => RegisterFlags.Contains(argument.Split('=')[0]));
        return Of(container, isRunner);
    }

    /// <summary>The files that a container's commands write.</summary>
    public static ImmutableArray<string> Written(Container container) => Read(container, isRunner: false)._written.ToImmutable();

    private static ImmutableArray<RunnerCall> Of(Container container, bool isRunner) =>
        Read(container, isRunner)._calls.ToImmutable();

    private static RunnerCommand Read(Container container, bool isRunner)
    {
        var reader = new RunnerCommand(container);
        var (command, args) = (Words(container, "command"), Words(container, "args"));
        ImmutableArray<string> words = [.. command.Concat(args)
            .Select(word => ShellVariables.ExpandReferences(word, reader._variables))];
        var hasProgram = !command.IsEmpty || (!words.IsEmpty && IsProgram(words[0]));
        reader.Run(hasProgram || !isRunner ? words : [Runner, .. words.IsEmpty ? ["run"] : words], 0);

        reader.Run([.. PostStart(container).Select(word => ShellVariables.ExpandReferences(word, reader._variables))], 0);
        return reader;
    }

    private static bool IsProgram(string word) => word.Contains('/', StringComparison.Ordinal) || IsRunner(word)
        || ShellCommand.IsShell(word) || CommandWrappers.IsWrapper(word);

    private static bool IsRunner(string word) => CommandWrappers.ProgramOf(word) is var program
        && (program is Runner or "gitlab-ci-multi-runner"
            || program.StartsWith("gitlab-runner-linux", StringComparison.Ordinal) || program == "gitlab-runner-fips");

    private static IEnumerable<string> PostStart(Container container) =>
        container.Json.Texts("lifecycle", "postStart", "exec", "command");

    private static ImmutableArray<string> Words(Container container, string list) => [.. container.Json.Texts(list)];

    private static Dictionary<string, string> Literals(Container container)
    {
        var literals = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var variable in container.Env.Where(variable => variable.Value is not null))
        {
            literals[variable.Name] = variable.Value!;
        }

        return literals;
    }

    private void Run(ImmutableArray<string> words, int depth)
    {
        if (_budget <= 0)
        {
            return;
        }

        // No shell reads the container's own words, so it expands nothing in them.
        words = depth == 0 ? words : Spliced(words);
        var own = new Dictionary<string, string>(StringComparer.Ordinal);
        while (!words.IsEmpty && depth < MaxDepth && _budget > 0)
        {
            _budget -= words.Length;
            var program = CommandWrappers.ProgramOf(words[0]);
            if (Assignment(words[0]) is { } assignment)
            {
                own[assignment.Name] = assignment.Value;
                words = words[1..];
            }
            else if (program is "export" or "set" or "readonly" or "local")
            {
                Declare(program, words[1..]);
                return;
            }
            else if (IsRunner(words[0]) || EntryPoints.Contains(program))
            {
                AddCall(words[1..], own.GetValueOrDefault(ConfigVariable) ?? _configVariable);
                return;
            }
            else if (FileWriter.Targets(words) is { } written)
            {
                _written.AddRange(written.Take(MaxWords - _written.Count));
                return;
            }
            else if (ShellCommand.ScriptIn(words) is { } shell)
            {
                RunScript(shell.Script, shell.Arguments, own, depth);
                return;
            }
            else if ((CommandWrappers.Strip(words) ?? CommandWrappers.AfterDashes(words)
                ?? (depth == 0 ? Wrapped(words) : null)) is { } rest)
            {
                words = rest;
            }
            else
            {
                return;
            }
        }

        // Assignments without a command hold for the rest of the script.
        Remember(own);
    }

    // An unknown program of the container that is given one we know runs that one, as a loader of secrets does.
    private static ImmutableArray<string>? Wrapped(ImmutableArray<string> words)
    {
        for (var at = 1; at < words.Length; at++)
        {
            if (IsRunner(words[at]) || ShellCommand.IsShell(words[at]) || CommandWrappers.IsWrapper(words[at])
                || EntryPoints.Contains(CommandWrappers.ProgramOf(words[at])))
            {
                return words[at..];
            }
        }

        return null;
    }

    private void RunScript(string script, ImmutableArray<string> arguments, Dictionary<string, string> own, int depth)
    {
        var (before, configBefore) = (_positional, _configVariable);
        _positional = arguments;
        _budget -= script.Length;
        Remember(own);
        foreach (var command in ShellScript.CommandsOf(script))
        {
            Run(command, depth + 1);
        }

        (_positional, _configVariable) = (before, configBefore);
    }

    private void Declare(string program, ImmutableArray<string> words)
    {
        if (program == "set")
        {
            var end = words.IndexOf("--");
            _positional = end < 0 ? _positional : words[(end + 1)..];
            return;
        }

        foreach (var word in words)
        {
            if (Assignment(word) is { } assignment)
            {
                Remember(new() { [assignment.Name] = assignment.Value });
            }
        }
    }

    private void Remember(Dictionary<string, string> variables)
    {
        foreach (var (name, value) in variables)
        {
            _variables[name] = value;
            _configVariable = name == ConfigVariable ? value : _configVariable;
        }
    }

    private void AddCall(ImmutableArray<string> words, string? configVariable)
    {
        var at = 0;
        while (at < words.Length && words[at].StartsWith('-'))
        {
            if (words[at] is "-h" or "--help" or "-v" or "--version")
            {
                return;
            }

            at += GlobalValueOptions.Contains(words[at]) ? 2 : 1;
        }

        _calls.Add(at < words.Length ? new(words[at], words[(at + 1)..], configVariable) : new("", [], configVariable));
    }

    // Variables that the container or the script itself sets are replaced by their values; others stay as they are.
    private ImmutableArray<string> Spliced(ImmutableArray<string> words) => [.. words.SelectMany(word =>
        word is "$@" or "$*" or "${@}" ? _positional : [ShellVariables.Expand(word, _variables)]).Take(MaxWords)];

    private static (string Name, string Value)? Assignment(string word)
    {
        var sign = word.IndexOf('=', StringComparison.Ordinal);
        return sign > 0 && ShellVariables.IsName(word.AsSpan(0, sign)) ? (word[..sign], word[(sign + 1)..]) : null;
    }
}
