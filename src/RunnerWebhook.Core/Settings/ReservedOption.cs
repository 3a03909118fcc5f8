namespace RunnerWebhook.Core.Settings;

/// <summary>Register options that this program sets itself.</summary>
internal static class ReservedOption
{
    /// <summary>Their names, but for the keys of <c>global</c>, which are no options.</summary>
    public static readonly string[] Names =
        ["token", "registration-token", "config", "template-config", "non-interactive", "name", "docker-services"];

    /// <summary>Why the option can't be set under <c>register</c>, and what to set instead; null where it can.</summary>
    public static string? Reason(string name) => name switch
    {
        "token" or "registration-token" => "can't be set here: the token comes from a Secret (token.secretName in a profile, "
            + "or the annotation gitlab-runner/token-secret)",
        "config" => "follows from the profile's configVolume.mountPath",
        "non-interactive" => "is always set",
        "name" => "is another word for description: use that",
        "template-config" => "is set by template in the profile, which names a ConfigMap",
        "docker-services" => "is no option of register: gitlab-runner takes services from a template only",
        "concurrent" or "check_interval" or "shutdown_timeout" or "log_level" or "log_format" or "listen_address"
            or "connection_max_age" or "sentry_dsn" or "session_server" =>
            "is no option of register: set it under global in the profile",
        _ => null,
    };
}
