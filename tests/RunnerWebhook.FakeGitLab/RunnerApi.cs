using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;

namespace RunnerWebhook.FakeGitLab;

/// <summary>What gitlab-runner calls about itself, authenticated by a token in the request.</summary>
internal static class RunnerApi
{
    private const string LegacySystemId = "<legacy>";

    public static void Map(WebApplication app, GitLabState state, GitLabOptions options)
    {
        app.On("POST", "/runners", (_, parameters) => Endpoint.Created(Details(Register(state, parameters))));
        app.On("POST", "/runners/verify", (_, parameters) =>
        {
            var token = parameters.Required("token");
            var systemId = parameters.Optional("system_id");
            parameters.EnsureValid();
            var runner = Authenticate(state, token);
            Contact(state, runner, systemId, parameters);
            return Endpoint.Ok(Details(runner));
        });
        app.On("DELETE", "/runners", (_, parameters) =>
        {
            var token = parameters.Required("token");
            parameters.EnsureValid();
            // Also a created runner is deleted as a whole, whoever else runs with its token.
            state.DeleteRunner(Authenticate(state, token).Id);
            return Endpoint.NoContent();
        });
        app.On("POST", "/runners/reset_authentication_token", (_, parameters) =>
        {
            var token = parameters.Required("token");
            parameters.EnsureValid();
            var runner = state.ResetToken(Authenticate(state, token).Id)!;
            return Endpoint.Created(Token(runner));
        });
        if (options.Version >= new Version(16, 0))
        {
            app.On("DELETE", "/runners/managers", (_, parameters) =>
            {
                var token = parameters.Required("token");
                var systemId = parameters.Required("system_id");
                parameters.EnsureValid();
                return state.DeleteManager(Authenticate(state, token).Id, systemId)
                    ? Endpoint.NoContent()
                    : throw RefusalException.Because(404, "404 Not found");
            });
        }
    }

    public static Runner Authenticate(GitLabState state, string token) =>
        state.FindByToken(token) is { } runner && !(runner.TokenExpiresAt < DateTimeOffset.UtcNow)
            ? runner
            : throw RefusalException.Forbidden();

    public static void Contact(GitLabState state, Runner runner, string? systemId, Parameters parameters) =>
        state.Touch(runner.Id, string.IsNullOrEmpty(systemId) ? LegacySystemId : systemId,
            (string?)parameters.Object("info")?["version"], DateTimeOffset.UtcNow);

    public static JsonObject Token(Runner runner) => new()
    {
        ["token"] = runner.Token,
        ["token_expires_at"] = Json.Time(runner.TokenExpiresAt),
    };

    public static JsonObject Details(Runner runner) => new()
    {
        ["id"] = runner.Id,
        ["token"] = runner.Token,
        ["token_expires_at"] = Json.Time(runner.TokenExpiresAt),
    };

    /// <summary>The attributes that both ways to make a runner share.</summary>
    public static RunnerAttributes Attributes(Parameters parameters) => new()
    {
        Description = parameters.Optional("description") ?? "",
        Tags = parameters.Words("tag_list"),
        RunUntagged = parameters.Boolean("run_untagged") ?? true,
        Locked = parameters.Boolean("locked") ?? false,
        Paused = parameters.Boolean("paused") ?? !(parameters.Boolean("active") ?? true),
        AccessLevel = parameters.OneOf("access_level", "not_protected", "ref_protected") ?? "not_protected",
        // gitlab-runner says 0 for none.
        MaximumTimeout = parameters.Number("maximum_timeout") is { } seconds and not 0 ? seconds : null,
        MaintenanceNote = parameters.Optional("maintenance_note"),
    };

    /// <summary>What GitLab finds wrong with attributes that are well-formed: field and sentence.</summary>
    public static IEnumerable<(string Field, string Problem)> Problems(RunnerAttributes attributes)
    {
        if (attributes is { RunUntagged: false, Tags.IsEmpty: true })
        {
            yield return ("tags_list", "can not be empty when runner is not allowed to pick untagged jobs");
        }

        if (attributes.MaximumTimeout < 600)
        {
            yield return ("maximum_timeout", "needs to be at least 10 minutes");
        }

        if (attributes.MaintenanceNote?.Length > 1024)
        {
            yield return ("maintenance_note", "is too long (maximum is 1024 characters)");
        }

        if (attributes.Description.Length > 1024)
        {
            yield return ("description", "is too long (maximum is 1024 characters)");
        }
    }

    private static Runner Register(GitLabState state, Parameters parameters)
    {
        var token = parameters.Required("token");
        var attributes = Attributes(parameters);
        parameters.EnsureValid();
        if (token != state.RegistrationToken)
        {
            throw RefusalException.Forbidden("invalid token supplied");
        }

        if (!state.RegistrationAllowed)
        {
            throw RefusalException.Because(410, "410 Gone - runner registration disallowed");
        }

        var problems = new JsonObject();
        foreach (var (field, problem) in Problems(attributes))
        {
            problems[field] = Json.Strings([problem]);
        }

        return problems.Count == 0
            ? state.Register(attributes)
            : throw new RefusalException(400, Json.Text(new JsonObject { ["message"] = problems }));
    }
}
