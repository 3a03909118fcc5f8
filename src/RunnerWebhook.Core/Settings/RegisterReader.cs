using System.Collections.Immutable;
using System.Text.Json;
using RunnerWebhook.Core.Registration;

namespace RunnerWebhook.Core.Settings;

/// <summary>Reads register options from the configuration.</summary>
internal static class RegisterReader
{
    /// <summary>The options of a mapping, each with its values; every error is noted.</summary>
    public static ImmutableDictionary<string, ImmutableArray<string>> Read(ConfigurationNode node)
    {
        var register = ImmutableDictionary<string, ImmutableArray<string>>.Empty;
        foreach (var member in node.IsMappingOf() ? node.Members : [])
        {
            if (ReservedOption.Reason(member.Name) is { } reason)
            {
                member.KeyError(reason);
            }
            else if (RegisterOptions.Find(member.Name) is not { } option)
            {
                var near = member.Near(RegisterOptions.All.Select(known => known.Name));
                member.KeyError($"is not a known register option{near}; " + (ProfileKeys.Names.Contains(member.Name)
                    ? "it belongs to the profile, next to register"
                    : "an option that this version does not know can be given in extraArgs"));
            }
            else if (!option.IsList && !option.IsMap && member.Value is { ValueKind: JsonValueKind.Array })
            {
                member.Error("takes one value, but is a list");
            }
            else if (member.Value is { } value && Values(member, value, option) is { } values)
            {
                if (RegisterValue.Problem(option, values) is { } problem)
                {
                    member.Error(problem);
                }

                register = register.SetItem(member.Name, values);
            }
        }

        return register;
    }

    private static ImmutableArray<string>? Values(ConfigurationNode member, JsonElement value, RegisterOption option) =>
        !option.IsMap ? member.Texts() : value.ValueKind switch
        {
            JsonValueKind.Object => [value.GetRawText()],
            JsonValueKind.Array => [RegisterMap.FromList(option, value)],
            JsonValueKind.String => [RegisterMap.FromText(option, value.GetString()!)],
            _ => member.Texts(),
        };
}
