using System.CommandLine;
using System.Globalization;
using RunnerWebhook.Core.Settings;

namespace RunnerWebhook.Cli;

/// <summary>Kinds of options.</summary>
internal static class CommandOption
{
    /// <summary>A text.</summary>
    public static Option<string?> Text(string name, string description, string value) =>
        new(name) { Description = description, HelpName = value };

    /// <summary>One of several words, without a default.</summary>
    public static Option<string?> Words(string name, string description, params string[] words)
    {
        var option = Text(name, description, string.Join('|', words));
        option.AcceptOnlyFromAmong(words);
        return option;
    }

    /// <summary><c>--output</c>: one of several formats, of which the first is the default.</summary>
    public static Option<string> Output(string description, params string[] formats)
    {
        var option = new Option<string>("--output", "-o")
        {
            Description = description,
            HelpName = string.Join('|', formats),
            DefaultValueFactory = _ => formats[0],
        };
        option.AcceptOnlyFromAmong(formats);
        return option;
    }

    /// <summary><c>--dry-run</c>.</summary>
    public static Option<bool> DryRun() => new("--dry-run") { Description = "Look everything up, but change nothing" };

    /// <summary>The name of an object of Kubernetes.</summary>
    public static Option<string> Name(string name, string description, string unset)
    {
        var option = new Option<string>(name)
        {
            Description = description,
            HelpName = "NAME",
            DefaultValueFactory = _ => unset,
        };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } value && !KubernetesName.IsSubdomain(value))
            {
                result.AddError($"{name} is '{value}', but must be {KubernetesName.SubdomainRule}");
            }
        });
        return option;
    }

    /// <summary>A number within a range.</summary>
    public static Option<int> Number(string name, string description, int unset, int min, int max)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => unset };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && !(int.TryParse(text, NumberStyles.AllowLeadingSign,
                CultureInfo.InvariantCulture, out var value) && value >= min && value <= max))
            {
                result.AddError($"{name} is {text}, but must be from {min} to {max}");
            }
        });
        return option;
    }
}
