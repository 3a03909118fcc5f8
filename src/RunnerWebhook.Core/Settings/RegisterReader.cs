using System.Collections.Immutable;
using System.Text.Json;
using RunnerWebhook.Core.Registration;

namespace RunnerWebhook.Core.Settings;

/// <summary>Reads register options from the configuration.</summary>
internal static class RegisterReader
{
    /// <summary>The options of a mapping, each with its values; mistakes are noted in the section.</summary>
    public static ImmutableDictionary<string, ImmutableArray<string>> Read(ConfigurationSection section)
    {
        var register = ImmutableDictionary<string, ImmutableArray<string>>.Empty;
        foreach (var name in section.Names)
        {
            if (ReservedOption.Reason(name) is { } reason)
            {
                section.KeyError(name, reason);
            }
            else if (RegisterOptions.Find(name) is not { } option)
            {
                var near = section.Near(name, RegisterOptions.All.Select(known => known.Name));
                section.KeyError(name, $"is no register option that is known here{near}; "
                    + "an option that is missing here can be given in extraArgs");
            }
            else if (!option.IsList && section.Value(name) is { ValueKind: JsonValueKind.Array })
            {
                section.Error(name, "takes one value, but is a list");
            }
            else if (Values(section, option) is { } values)
            {
                if (RegisterValue.Problem(option, values) is { } problem)
                {
                    section.Error(name, problem);
                }

                register = register.SetItem(name, values);
            }
        }

        return register;
    }

    // A JSON object may be written as a mapping, which is the same in YAML.
    private static ImmutableArray<string>? Values(ConfigurationSection section, RegisterOption option) =>
        option.IsMap && section.Value(option.Name) is { ValueKind: JsonValueKind.Object } map
            ? [map.GetRawText()]
            : section.Texts(option.Name);
}
