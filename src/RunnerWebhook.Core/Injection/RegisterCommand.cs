using System.Collections.Immutable;
using RunnerWebhook.Core.Registration;
using RunnerWebhook.Core.Settings;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Core.Injection;

/// <summary>The arguments of <c>gitlab-runner register</c>.</summary>
public static class RegisterCommand
{
    /// <summary>
    /// <c>register</c> and its options, each as one <c>--name=value</c> argument: the runner reads
    /// <c>--flag value</c> wrongly for booleans. References such as <c>$(NAME)</c>, which kubelet would expand, are
    /// escaped.
    /// </summary>
    /// <param name="profile">The settings.</param>
    /// <param name="templateFile">The path of the template of <c>config.toml</c>; null for none.</param>
    /// <param name="release">The release of gitlab-runner that reads them; null if unknown, which counts as the newest.</param>
    public static ImmutableArray<string> Arguments(
        RunnerProfile profile, string? templateFile = null, (int Major, int? Minor)? release = null)
    {
        var arguments = ImmutableArray.CreateBuilder<string>();
        arguments.Add("register");
        arguments.Add("--non-interactive");
        foreach (var option in RegisterOptions.All)
        {
            if (profile.Register.TryGetValue(option.Name, out var values)
                && !(option.ServerSide && profile.Token.Mode == TokenMode.Authentication))
            {
                arguments.AddRange(Emit(option, values, release));
            }

            // The guard takes it from the environment, and cuts white space off it.
            if (option.Name == "url" && profile.Token.Value is { } token && !profile.InitContainer.Guard)
            {
                var flag = profile.Token.Mode == TokenMode.Authentication ? "--token=" : "--registration-token=";
                arguments.Add(flag + token);
            }
        }

        if (templateFile is not null)
        {
            arguments.Add("--template-config=" + templateFile);
        }

        arguments.AddRange(profile.ExtraArgs);
        return [.. arguments.Select(VariableReference.Escape)];
    }

    /// <summary>The environment variable in which <c>register</c> looks for the token of a mode.</summary>
    public static string TokenVariable(TokenMode mode) =>
        mode == TokenMode.Authentication ? "CI_SERVER_TOKEN" : "REGISTRATION_TOKEN";


    // An empty value or list takes back what a lower layer says: the option is left out, as if it had never been set.
    private static IEnumerable<string> Emit(
        RegisterOption option, ImmutableArray<string> values, (int Major, int? Minor)? release)
    {
        var stated = values.Where(value => value.Length > 0).SelectMany(value => RegisterMap.Entries(option, value)).ToArray();
        var isRepeated = option.IsMap || option.Shape == RegisterOptionShape.Repeated
            || (option.Shape == RegisterOptionShape.JoinedLater && RunnerRelease.IsBefore(release, RegisterOption.JoinedSince));
        return isRepeated || stated.Length == 0
            ? stated.Select(value => $"--{option.Name}={value}")
            : [$"--{option.Name}={string.Join(',', stated)}"];
    }
}
