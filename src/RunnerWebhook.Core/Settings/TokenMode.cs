namespace RunnerWebhook.Core.Settings;

/// <summary>How the init container hands the token to <c>gitlab-runner register</c>.</summary>
public enum TokenMode
{
    /// <summary>As <c>REGISTRATION_TOKEN</c>, which takes legacy registration tokens and, with a runner of 16.2 or
    /// later, authentication tokens (<c>glrt-…</c>) too.</summary>
    Auto,

    /// <summary>As <c>CI_SERVER_TOKEN</c>: an authentication token only. The server-side options, fatal with it, are
    /// left out.</summary>
    Authentication,

    /// <summary>As <c>REGISTRATION_TOKEN</c>: a legacy registration token only.</summary>
    Registration,
}
