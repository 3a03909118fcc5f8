using System.CommandLine;
using System.Globalization;
using RunnerWebhook.Core.Settings;

namespace RunnerWebhook.Cli;

/// <summary>Options that are checked.</summary>
internal static class CommandOption
{
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
