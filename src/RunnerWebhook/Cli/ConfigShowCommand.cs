using System.CommandLine;
using RunnerWebhook.Core.Explaining;
using RunnerWebhook.Core.Settings;
using RunnerWebhook.Core.Workloads;
using RunnerWebhook.Manifests;
using RunnerWebhook.Yaml;

namespace RunnerWebhook.Cli;

/// <summary><c>config show</c>: every effective setting with the layer it comes from, for a whole configuration, for one
/// profile, or for one namespace.</summary>
internal sealed class ConfigShowCommand
{
    private readonly Terminal _terminal;
    private readonly Option<string?> _file = ConfigCommand.File(required: false);
    private readonly Option<string?> _profile;

    private readonly Option<string?> _space = TokenOptions.Text(
        "--for-namespace", "Show what workloads in this namespace get, and the rule of the policy that is for it", "NAME");

    private readonly Option<string[]> _manifests = new("--namespaces")
    {
        Description = "Manifests with the Namespace, for rules by label and for its own annotations; may be repeated",
        HelpName = "FILE|DIR|-",
    };

    private readonly Option<string> _output = new("--output", "-o")
    {
        Description = "yaml, a configuration with the origins as comments, or json",
        HelpName = "yaml|json",
        DefaultValueFactory = _ => "yaml",
    };

    private ConfigShowCommand(Terminal terminal)
    {
        _terminal = terminal;
        _profile = ConfigurationOption.Profile(
            "Show this profile alone; with --for-namespace, what a workload there gets that names it by annotation", _file);
        _output.AcceptOnlyFromAmong("yaml", "json");
        _space.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } name && !KubernetesName.IsLabel(name))
            {
                result.AddError($"--for-namespace is '{name}', but must be {KubernetesName.LabelRule}");
            }
        });
    }

    /// <summary>The command <c>config show</c>.</summary>
    public static Command Create(Terminal terminal)
    {
        var show = new ConfigShowCommand(terminal);
        var command = new Command("show", "Print the effective settings, each with the layer it comes from")
        {
            show._file, show._profile, show._space, show._manifests, show._output,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(show._manifests) is not null && result.GetResult(show._space) is null)
            {
                result.AddError("--namespaces belongs to --for-namespace: name the namespace that is meant");
            }
        });
        command.SetAction(show.Run);
        return command;
    }

    private int Run(ParseResult result)
    {
        var (file, profile) = (result.GetValue(_file), result.GetValue(_profile));
        if (Load(file) is not { } configuration || !Knows(configuration, profile, file))
        {
            return ExitCode.Usage;
        }

        var shown = new EffectiveSettings(configuration) { File = file, Namespace = result.GetValue(_space) };
        if (shown.Namespace is null)
        {
            shown = shown.Of(profile);
        }
        else if (Metadata(result, configuration, shown.Namespace, out var metadata))
        {
            shown = shown.Of(Explainer.ExplainNamespace(configuration, shown.Namespace, metadata, profile));
        }
        else
        {
            return ExitCode.Usage;
        }

        foreach (var problem in shown.Problems)
        {
            _terminal.Tell($"namespace {shown.Namespace}: {problem}");
        }

        _terminal.Output.Write(result.GetValue(_output) == "json"
            ? EffectiveSettingsJson.Write(shown) : EffectiveSettingsYaml.Write(shown));
        _terminal.Output.Flush();
        return shown.IsDenied ? ExitCode.Failed : ExitCode.Fine;
    }

    private RunnerConfiguration? Load(string? file)
    {
        if (file is null)
        {
            return RunnerConfiguration.BuiltIn;
        }

        var text = ConfigCommand.Read(file, _terminal);
        foreach (var mistake in text?.Mistakes ?? [])
        {
            _terminal.Error.WriteLine(mistake.In(file));
        }

        return text?.Configuration;
    }

    private bool Knows(RunnerConfiguration configuration, string? profile, string? file)
    {
        if (profile is null || configuration.Profiles.ContainsKey(profile))
        {
            return true;
        }

        _terminal.Tell($"{file ?? "the built-in configuration"} has no profile '{profile}'"
            + $"{Suggestion.For(profile, configuration.Profiles.Keys)}: it has "
            + string.Join(", ", configuration.Profiles.Keys.Order(StringComparer.Ordinal)));
        return false;
    }

    // False, and messages, where the manifests can't be read.
    private bool Metadata(
        ParseResult result, RunnerConfiguration configuration, string space, out NamespaceMetadata? metadata)
    {
        metadata = null;
        ManifestSource[] sources;
        try
        {
            sources = [.. ManifestSource.Read(result.GetValue(_manifests) ?? [], recursive: false, _terminal.Input)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _terminal.Tell(e.Message);
            return false;
        }

        var isReadable = true;
        foreach (var source in sources)
        {
            isReadable &= YamlFile.Parse(source.Text, out var errors) is not null;
            foreach (var error in errors)
            {
                _terminal.Error.WriteLine($"{source.Name}:{error.Line}:{error.Column}: {error.Message}");
            }
        }

        metadata = NamespaceManifests.In(sources, configuration).Find(space);
        if (configuration.WatchNamespaces && metadata is null)
        {
            _terminal.Tell($"note: nothing is known of namespace {space}: rules by label are passed over, and its own "
                + "annotations are not counted; give its manifest with --namespaces");
        }
        else if (!configuration.WatchNamespaces && sources.Length > 0)
        {
            _terminal.Tell("note: labels and annotations of namespaces don't count, since the configuration doesn't say "
                + "watchNamespaces: true");
        }

        return isReadable;
    }
}
