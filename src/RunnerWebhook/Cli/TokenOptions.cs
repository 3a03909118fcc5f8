using System.Collections.Immutable;
using System.CommandLine;
using RunnerWebhook.Core.Registration;
using RunnerWebhook.Core.Settings;
using RunnerWebhook.GitLab;

namespace RunnerWebhook.Cli;

/// <summary>The options that all <c>token</c> commands share, and what they mean together with the
/// configuration.</summary>
internal sealed class TokenOptions
{
    private readonly Option<string?> _url = Text("--url", "GitLab's address", "URL");
    private readonly Option<string?> _accessTokenFile = Text("--access-token-file",
        $"The file with an access token of GitLab; else {AccessToken.Variable} of the environment; else you are asked",
        "FILE");
    private readonly Option<string?> _caFile = Text("--ca-file",
        "The CA of GitLab's certificate, PEM, instead of those that the machine trusts", "FILE");
    private readonly Option<int> _timeout = CommandOption.Number("--timeout",
        "How long one answer of GitLab may take, in seconds", unset: 30, min: 1, max: 3600);

    private readonly Option<string?> _config = new("--config", "-c")
    {
        Description = "The configuration file; its profile supplies what is not given here",
        HelpName = "FILE",
    };

    private readonly Option<string?> _profile;
    private readonly Option<string?> _type = new("--type")
    {
        Description = "Whose runner it is; group where --group is given, project where --project is, else instance",
        HelpName = "instance|group|project",
    };

    private readonly Option<string?> _group = Text("--group", "The group, by ID or path", "ID|PATH");
    private readonly Option<string?> _project = Text("--project", "The project, by ID or path", "ID|PATH");

    // Taken so that a token put there is not repeated in a message about an unknown option.
    private readonly Option<string?> _accessToken =
        new("--access-token", "--token", "--private-token") { Hidden = true };

    /// <summary>The options of one command.</summary>
    public TokenOptions() => _profile = ConfigurationOption.Profile("The profile of the configuration", _config);

    /// <summary>Gives a command the options.</summary>
    public void AddTo(Command command)
    {
        _type.AcceptOnlyFromAmong("instance", "group", "project");
        _accessToken.Validators.Add(result => result.AddError("a token is not taken as an argument, where others can see "
            + $"it: use --access-token-file or {AccessToken.Variable}"));
        foreach (var option in (Option[])[_url, _type, _group, _project, _accessTokenFile, _caFile, _timeout, _config,
            _profile, _accessToken])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>An option with a text.</summary>
    public static Option<string?> Text(string name, string description, string value) =>
        new(name) { Description = description, HelpName = value };

    /// <summary>The profile that is meant, with the options of the command line in place of its own.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="given">Register options of the command line, by name.</param>
    /// <param name="terminal">Where mistakes of the configuration are told.</param>
    /// <exception cref="TokenException">A value is not allowed, or the configuration can't be used.</exception>
    public RunnerProfile Profile(ParseResult result, IEnumerable<(string Name, ImmutableArray<string> Values)> given,
        Terminal terminal)
    {
        var profile = Configured(result.GetValue(_config), result.GetValue(_profile), terminal);
        if (result.GetValue(_url) is { } url)
        {
            given = given.Append(("url", [url]));
        }

        foreach (var (name, values) in given)
        {
            var option = RegisterOptions.All.Single(known => known.Name == name);
            profile = RegisterValue.Problem(option, values) is { } problem
                ? throw TokenException.Usage($"--{name} {problem}")
                : profile with { Register = profile.Register.SetItem(name, values) };
        }

        return profile;
    }

    /// <summary>Which GitLab, and as whom.</summary>
    public GitLabOptions GitLab(ParseResult result, RunnerProfile profile, Terminal terminal)
    {
        var text = profile.Register.TryGetValue("url", out var urls) ? urls[0] : throw TokenException.Usage(
            "GitLab's address is needed: --url, or register.url of a profile in --config");
        var url = new Uri(text);
        if (url.UserInfo.Length > 0 || url.Query.Length > 0 || url.Fragment.Length > 0)
        {
            throw TokenException.Usage("--url must be GitLab's address and nothing more: "
                + "no user, no query, no fragment");
        }

        if (url.Scheme == Uri.UriSchemeHttp && !url.IsLoopback)
        {
            terminal.Tell($"note: {url} is no https address: everybody on the way can read the access token");
        }

        return new(url, AccessToken.Read(result.GetValue(_accessTokenFile), url, terminal))
        {
            CaFile = result.GetValue(_caFile),
            Timeout = TimeSpan.FromSeconds(result.GetValue(_timeout)),
        };
    }

    /// <summary>Whose runners are meant.</summary>
    /// <returns>The kind, and the path or ID; null where nothing says so.</returns>
    public (RunnerScopeKind Kind, string Path)? Scope(ParseResult result)
    {
        var (type, group, project) = (result.GetValue(_type), result.GetValue(_group), result.GetValue(_project));
        return (type, group, project) switch
        {
            (_, not null, not null) => throw TokenException.Usage("--group and --project exclude each other"),
            (null, null, null) => null,
            (null or "group", { Length: > 0 }, null) => (RunnerScopeKind.Group, group),
            (null or "project", null, { Length: > 0 }) => (RunnerScopeKind.Project, project),
            ("instance", null, null) => (RunnerScopeKind.Instance, ""),
            ("group", null or "", null) => throw TokenException.Usage("--type group needs --group ID or --group PATH"),
            ("project", null, null or "") =>
                throw TokenException.Usage("--type project needs --project ID or --project PATH"),
            _ => throw TokenException.Usage($"--type {type ?? "group"} does not go with "
                + (group is null ? "--project" : "--group") + ": give the one that is meant, and its value"),
        };
    }

    private static RunnerProfile Configured(string? file, string? name, Terminal terminal)
    {
        if (file is null)
        {
            return name is null ? RunnerConfiguration.BuiltIn.Default
                : throw TokenException.Usage("--profile names a profile of the configuration, so it needs --config");
        }

        var configuration = ConfigurationOption.Load(file, terminal)
            ?? throw TokenException.Usage($"the configuration {file} can't be used, because of the errors above");
        return name is null ? configuration.Default
            : configuration.Profiles.TryGetValue(name, out var profile) ? profile
            : throw TokenException.Usage($"{file} has no profile '{name}'"
                + Suggestion.For(name, configuration.Profiles.Keys)
                + $": it has {string.Join(", ", configuration.Profiles.Keys.Order(StringComparer.Ordinal))}");
    }
}
