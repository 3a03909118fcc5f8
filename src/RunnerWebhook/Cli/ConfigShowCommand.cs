using System.CommandLine;
using RunnerWebhook.Core.Resolution;
using RunnerWebhook.Core.Settings;
using RunnerWebhook.Core.Workloads;
using RunnerWebhook.Manifests;
using RunnerWebhook.Yaml;

namespace RunnerWebhook.Cli;

/// <summary><c>config show</c>: every effective setting with the layer it comes from, for a whole configuration, for one
/// profile, or for one namespace.</summary>
internal sealed class ConfigShowCommand : Verb
{
    private readonly Option<string?> _file = ConfigCommand.File(required: false);
    private readonly Option<string?> _profile;

    private readonly Option<string?> _namespace = CommandOption.Text(
        "--for-namespace", "Show what workloads in this namespace get, and the rule of the policy that is for it", "NAME");

    private readonly Option<string[]> _manifests = new("--namespaces")
    {
        Description = "Manifests with the Namespace, for rules by label and for its own annotations; may be repeated",
        HelpName = "FILE|DIR|-",
    };

    private readonly Option<string> _output =
        CommandOption.Output("yaml, a configuration with the origins as comments, or json", "yaml", "json");

    public ConfigShowCommand(Terminal terminal)
        : base("show", "Print the effective settings, each with the layer it comes from", terminal)
    {
        _profile = ConfigurationOption.Profile(
            "Show this profile alone; with --for-namespace, what a workload there gets that names it by annotation", _file);
        _namespace.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } name && !KubernetesName.IsLabel(name))
            {
                result.AddError($"--for-namespace is '{name}', but must be {KubernetesName.LabelRule}");
            }
        });
        Validators.Add(result =>
        {
            if (result.GetResult(_manifests) is not null && result.GetResult(_namespace) is null)
            {
                result.AddError("--namespaces belongs to --for-namespace: name the namespace that is meant");
            }
        });
        Add(_file, _profile, _namespace, _manifests, _output);
    }

    protected override Task<int> Run(ParseResult result, CancellationToken cancellation) => Task.FromResult(Show(result));

    private int Show(ParseResult result)
    {
        var (file, profile) = (result.GetValue(_file), result.GetValue(_profile));
        var configuration = Load(file);
        CheckProfile(configuration, profile, file);

        var shown = new EffectiveSettings(configuration) { File = file, Namespace = result.GetValue(_namespace) };
        if (shown.Namespace is null)
        {
            shown = shown.Of(profile);
        }
        else
        {
            var metadata = Metadata(result, configuration, shown.Namespace);
            shown = shown.Of(Settlement.Of(configuration, shown.Namespace, metadata, profile));
        }

        foreach (var problem in shown.Problems)
        {
            Terminal.Say($"namespace {shown.Namespace}: {problem}");
        }

        Terminal.Print(result.GetValue(_output) == "json"
            ? EffectiveSettingsJson.Write(shown) : EffectiveSettingsYaml.Write(shown));
        return shown.IsDenied ? ExitCode.Failed : ExitCode.Fine;
    }

    private RunnerConfiguration Load(string? file)
    {
        if (file is null)
        {
            return RunnerConfiguration.BuiltIn;
        }

        var text = ConfigCommand.Read(file, Terminal);
        return text.Configuration ?? throw CommandException.Invalid(text.Mistakes.Select(mistake => mistake.In(file)));
    }

    private static void CheckProfile(RunnerConfiguration configuration, string? profile, string? file)
    {
        if (profile is not null && !configuration.Profiles.ContainsKey(profile))
        {
            throw CommandException.Usage($"{file ?? "the built-in configuration"} has no profile '{profile}'"
                + $"{Suggestion.For(profile, configuration.Profiles.Keys)}: it has "
                + string.Join(", ", configuration.Profiles.Keys.Order(StringComparer.Ordinal)));
        }
    }

    private NamespaceMetadata? Metadata(ParseResult result, RunnerConfiguration configuration, string namespaceName)
    {
        var sources = CommandException.Reading(() =>
            ManifestSource.Find(result.GetValue(_manifests) ?? [], recursive: false, Terminal.Input)
                .Select(read => read()).ToArray());
        string[] mistakes = [.. sources.SelectMany(source =>
        {
            YamlFile.Parse(source.Text, out var errors);
            return errors.Select(error => $"{source.Name}:{error.Line}:{error.Column}: {error.Message}");
        })];
        if (mistakes.Length > 0)
        {
            throw CommandException.Invalid(mistakes);
        }

        var metadata = NamespaceManifests.In(sources, configuration).Find(namespaceName);
        if (configuration.WatchNamespaces && metadata is null)
        {
            Terminal.Say($"note: nothing is known of namespace {namespaceName}: rules by label are skipped, and its own "
                + "annotations are ignored; give its manifest with --namespaces");
        }
        else if (!configuration.WatchNamespaces && sources.Length > 0)
        {
            Terminal.Say("note: labels and annotations of namespaces are ignored, since the configuration does not say "
                + "watchNamespaces: true");
        }

        return metadata;
    }
}
