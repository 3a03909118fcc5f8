using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using RunnerWebhook.Core.Settings;
using RunnerWebhook.GitLab;

namespace RunnerWebhook.Cli;

/// <summary>The options of the runner that <c>token create</c> creates: those of <c>gitlab-runner register</c> that GitLab
/// keeps, under the same names.</summary>
internal sealed class TokenRunnerOptions
{
    private readonly Option<string?> _description = CommandOption.Text("--description",
        "The description, which identifies the runner later", "TEXT");

    private readonly Option<string[]> _tags = new("--tag-list")
    {
        Description = "The tags of the jobs it takes, separated by commas",
        HelpName = "TAGS",
    };

    private readonly Option<bool?> _runUntagged =
        Flag("--run-untagged", "Take jobs without tags; true by default if it has no tags");

    private readonly Option<bool?> _locked = Flag("--locked", "Serve no further project");
    private readonly Option<bool?> _paused = Flag("--paused", "Take no jobs yet");
    private readonly Option<string?> _accessLevel = CommandOption.Text("--access-level",
        "Take the jobs of all branches, or of protected ones only", "not_protected|ref_protected");

    private readonly Option<string?> _maximumTimeout = CommandOption.Text("--maximum-timeout",
        "How long a job may take, in seconds, 600 or more", "SECONDS");

    private readonly Option<string?> _maintenanceNote =
        CommandOption.Text("--maintenance-note", "A note for administrators", "TEXT");

    /// <summary>Gives a command the options.</summary>
    public void AddTo(Command command)
    {
        // Its values are checked as register checks them, so that the message is the same.
        _accessLevel.CompletionSources.Add("not_protected", "ref_protected");
        foreach (var option in (Option[])[_description, _tags, _runUntagged, _locked, _paused, _accessLevel,
            _maximumTimeout, _maintenanceNote])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>What was given, as register options.</summary>
    public IEnumerable<(string Name, ImmutableArray<string> Values)> Given(ParseResult result)
    {
        var tags = (result.GetValue(_tags) ?? []).SelectMany(list =>
            list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        if (result.GetResult(_tags) is not null)
        {
            yield return ("tag-list", [.. tags]);
        }

        foreach (var option in (Option<bool?>[])[_runUntagged, _locked, _paused])
        {
            if (result.GetValue(option) is { } flag)
            {
                yield return (option.Name[2..], [flag ? "true" : "false"]);
            }
        }

        foreach (var option in (Option<string?>[])[_description, _accessLevel, _maximumTimeout, _maintenanceNote])
        {
            if (result.GetValue(option) is { } text)
            {
                yield return (option.Name[2..], [text]);
            }
        }
    }

    /// <summary>The runner that a profile describes.</summary>
    /// <exception cref="CommandException">It has no description.</exception>
    public static NewRunner Describe(RunnerProfile profile, RunnerScope scope)
    {
        string? Value(string name) => profile.Register.GetValueOrDefault(name, []).FirstOrDefault();
        bool? Is(string name) => Value(name) is { } value ? value == "true" : null;

        var tags = profile.Register.GetValueOrDefault("tag-list", []);
        return new(scope.RunnerType)
        {
            Description = Value("description") is { } text && !string.IsNullOrWhiteSpace(text) ? text
                : throw CommandException.Usage("a description is needed, which identifies the runner later: --description, "
                    + "or register.description of a profile in --config"),
            TagList = [.. tags],
            // As gitlab-runner register has it; GitLab itself says true.
            RunUntagged = Is("run-untagged") ?? tags.IsEmpty,
            Locked = Is("locked"),
            Paused = Is("paused"),
            AccessLevel = Value("access-level"),
            MaximumTimeout = Value("maximum-timeout") is { } seconds and not "0"
                ? long.Parse(seconds, CultureInfo.InvariantCulture) : null,
            MaintenanceNote = Value("maintenance-note"),
        };
    }

    private static Option<bool?> Flag(string name, string description)
    {
        var option = new Option<bool?>(name) { Description = description, HelpName = "true|false" };
        // The library's own words are True and False.
        option.CompletionSources.Clear();
        option.CompletionSources.Add("false", "true");
        return option;
    }
}
