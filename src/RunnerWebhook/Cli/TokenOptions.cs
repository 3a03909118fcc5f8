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
    private readonly Option<string?> _url = CommandOption.Text("--url", "GitLab's address", "URL");
    private readonly Option<string?> _accessTokenFile = CommandOption.Text("--access-token-file",
        $"The file with an access token of GitLab; by default {AccessToken.Variable} of the environment, else you are asked",
        "FILE");
    private readonly Option<string?> _caFile = CommandOption.Text("--ca-file",
        "The CA of GitLab's certificate, PEM, instead of those that the machine trusts", "FILE");
    private readonly Option<int> _timeout = CommandOption.Number("--timeout",
        "How long one answer of GitLab may take, in seconds", unset: 30, min: 1, max: 3600);

    private readonly Option<string?> _config = new("--config", "-c")
    {
        Description = "The configuration file; its profile supplies what is not given here",
        HelpName = "FILE",
    };

    private readonly Option<string?> _profile;
    private readonly Option<string?> _type = CommandOption.Words("--type",
        "Whose runner it is; by default group with --group, project with --project, else instance",
        "instance", "group", "project");

    private readonly Option<string?> _group = CommandOption.Text("--group", "The group, by ID or path", "ID|PATH");
    private readonly Option<string?> _project = CommandOption.Text("--project", "The project, by ID or path", "ID|PATH");

    // Accepted so that an error about an unknown option can't repeat a token.
    private readonly Option<string?> _accessToken =
        new("--access-token", "--token", "--private-token") { Hidden = true };

    /// <summary>The options of one command.</summary>
    public TokenOptions() => _profile = ConfigurationOption.Profile("The profile of the configuration", _config);

    /// <summary>Gives a command the options.</summary>
    public void AddTo(Command command)
    {
        _accessToken.Validators.Add(result => result.AddError("an argument is visible to other users of this machine: "
            + $"pass the token with --access-token-file or {AccessToken.Variable}"));
        foreach (var option in (Option[])[_url, _type, _group, _project, _accessTokenFile, _caFile, _timeout, _config,
            _profile, _accessToken])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>The profile, overridden by the options of the command line.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="given">Register options of the command line, by name.</param>
    /// <exception cref="CommandException">A value is not allowed, or the configuration can't be used.</exception>
    public RunnerProfile Profile(ParseResult result, IEnumerable<(string Name, ImmutableArray<string> Values)> given)
    {
        var profile = Configured(result.GetValue(_config), result.GetValue(_profile));
        if (result.GetValue(_url) is { } url)
        {
            given = given.Append(("url", [url]));
        }

        foreach (var (name, values) in given)
        {
            var option = RegisterOptions.All.Single(known => known.Name == name);
            profile = RegisterValue.Problem(option, values) is { } problem
                ? throw CommandException.Usage($"--{name} {problem}")
                : profile with { Register = profile.Register.SetItem(name, values) };
        }

        return profile;
    }

    /// <summary>The GitLab, and the user of the access token.</summary>
    public GitLabOptions GitLab(ParseResult result, RunnerProfile profile, Terminal terminal)
    {
        var text = profile.Register.TryGetValue("url", out var urls) ? urls[0] : throw CommandException.Usage(
            "GitLab's address is needed: --url, or register.url of a profile in --config");
        var url = new Uri(text);
        if (url.UserInfo.Length > 0 || url.Query.Length > 0 || url.Fragment.Length > 0)
        {
            throw CommandException.Usage("--url must be GitLab's address and nothing more: "
                + "no user, no query, no fragment");
        }

        if (url.Scheme == Uri.UriSchemeHttp && !url.IsLoopback)
        {
            terminal.Say($"note: {url} is no https address: the network between can read the access token");
        }

        return new(url, AccessToken.Read(result.GetValue(_accessTokenFile), url, terminal))
        {
            CaFile = result.GetValue(_caFile),
            Timeout = TimeSpan.FromSeconds(result.GetValue(_timeout)),
        };
    }

    /// <summary>Whose runners the command works on.</summary>
    /// <returns>The kind, and the path or ID; null if no option says so.</returns>
    public (RunnerScopeKind Kind, string Path)? Scope(ParseResult result)
    {
        var (type, group, project) = (result.GetValue(_type), result.GetValue(_group), result.GetValue(_project));
        return (type, group, project) switch
        {
            (_, not null, not null) => throw CommandException.Usage("--group and --project exclude each other"),
            (null, null, null) => null,
            (null or "group", { Length: > 0 }, null) => (RunnerScopeKind.Group, group),
            (null or "project", null, { Length: > 0 }) => (RunnerScopeKind.Project, project),
            ("instance", null, null) => (RunnerScopeKind.Instance, ""),
            ("group", null or "", null) => throw CommandException.Usage("--type group needs --group ID or --group PATH"),
            ("project", null, null or "") =>
                throw CommandException.Usage("--type project needs --project ID or --project PATH"),
            _ => throw CommandException.Usage($"--type {type ?? "group"} does not go with "
                + (group is null ? "--project" : "--group") + ": give the one that is meant, and its value"),
        };
    }

    private static RunnerProfile Configured(string? file, string? name)
    {
        if (file is null)
        {
            return name is null ? RunnerConfiguration.BuiltIn.Default
                : throw CommandException.Usage("--profile names a profile of the configuration, so it needs --config");
        }

        var configuration = ConfigurationOption.Load(file);
        return name is null ? configuration.Default
            : configuration.Profiles.TryGetValue(name, out var profile) ? profile
            : throw CommandException.Usage($"{file} has no profile '{name}'"
                + Suggestion.For(name, configuration.Profiles.Keys)
                + $": it has {string.Join(", ", configuration.Profiles.Keys.Order(StringComparer.Ordinal))}");
    }
}
