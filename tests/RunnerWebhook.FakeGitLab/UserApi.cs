using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace RunnerWebhook.FakeGitLab;

/// <summary>What people call about runners, authenticated by an access token.</summary>
internal static class UserApi
{
    private static readonly TimeSpan OnlineFor = TimeSpan.FromHours(2);
    private static readonly TimeSpan StaleAfter = TimeSpan.FromDays(7);

    public static void Map(WebApplication app, GitLabState state, GitLabOptions options)
    {
        if (options.Version >= new Version(16, 0))
        {
            app.On("POST", "/user/runners", (context, parameters) => Endpoint.Created(RunnerApi.Details(
                Create(state, Authenticate(context, state, "create_runner"), parameters))));
        }

        MapLists(app, state);
        MapOne(app, state);
        MapOwners(app, state);
    }

    private static void MapLists(WebApplication app, GitLabState state)
    {
        // The runners of the instance are nobody's: only administrators see them, in the list of all.
        app.On("GET", "/runners", (context, parameters) =>
        {
            var user = Authenticate(context, state, "read_api", "manage_runner");
            return List(context, parameters, state, runner => runner.OwnerId is { } && user.MayUse(runner.Type, runner.OwnerId));
        });
        app.On("GET", "/runners/all", (context, parameters) =>
            Authenticate(context, state, "read_api", "manage_runner").IsAdmin
                ? List(context, parameters, state, _ => true)
                : throw RefusalException.Forbidden());
        app.On("GET", "/groups/{id}/runners", (context, parameters) =>
            ListOf(context, parameters, state, state.Groups, "Group", "group_type"));
        app.On("GET", "/projects/{id}/runners", (context, parameters) =>
            ListOf(context, parameters, state, state.Projects, "Project", "project_type"));
    }

    private static void MapOne(WebApplication app, GitLabState state)
    {
        app.On("GET", "/runners/{id:long}", (context, _) =>
            Endpoint.Ok(FullEntry(state, Find(context, state, "read_api", "manage_runner"))));
        app.On("GET", "/runners/{id:long}/managers", (context, _) =>
        {
            var runner = Find(context, state, "read_api", "manage_runner");
            return Endpoint.Result(200, Json.Text(state.Managers.Where(manager => manager.RunnerId == runner.Id).Select(ManagerEntry)));
        });
        app.On("POST", "/runners/{id:long}/reset_authentication_token", (context, _) =>
            Endpoint.Created(RunnerApi.Token(state.ResetToken(Find(context, state, "manage_runner").Id)!)));
        app.On("DELETE", "/runners/{id:long}", (context, _) =>
        {
            state.DeleteRunner(Find(context, state, "manage_runner").Id);
            return Endpoint.NoContent();
        });
    }

    private static void MapOwners(WebApplication app, GitLabState state)
    {
        app.On("GET", "/groups/{id}", (context, _) => Owner(context, state, state.Groups, "Group", "full_path"));
        app.On("GET", "/projects/{id}", (context, _) => Owner(context, state, state.Projects, "Project", "path_with_namespace"));
    }

    private static AccessToken Authenticate(HttpContext context, GitLabState state, params string[] scopes)
    {
        var bearer = context.Request.Headers.Authorization.ToString();
        var value = context.Request.Headers["PRIVATE-TOKEN"].ToString() is { Length: > 0 } header ? header
            : bearer.StartsWith("Bearer ", StringComparison.Ordinal) ? bearer["Bearer ".Length..] : "";
        var token = state.AccessTokens.FirstOrDefault(candidate => candidate.Value == value)
            ?? throw RefusalException.Because(401, "401 Unauthorized");
        if (token.IsRevoked)
        {
            throw new RefusalException(401, Json.Text(new JsonObject
            {
                ["error"] = "invalid_token",
                ["error_description"] = "Token was revoked. You have to re-authorize from the user.",
            }));
        }

        return token.Scopes.Contains("api") || token.Scopes.Any(scopes.Contains)
            ? token
            : throw new RefusalException(403, Json.Text(new JsonObject
            {
                ["error"] = "insufficient_scope",
                ["error_description"] = "The request requires higher privileges than provided by the access token.",
                ["scope"] = string.Join(' ', scopes.Prepend("api")),
            }));
    }

    private static Runner Create(GitLabState state, AccessToken user, Parameters parameters)
    {
        parameters.Required("runner_type");
        var type = parameters.OneOf("runner_type", "instance_type", "group_type", "project_type");
        long? ownerId = type switch
        {
            "group_type" => parameters.RequiredId("group_id"),
            "project_type" => parameters.RequiredId("project_id"),
            _ => null,
        };
        var attributes = RunnerApi.Attributes(parameters);
        parameters.EnsureValid();
        if (ownerId is { } id && !(type == "group_type" ? state.Groups : state.Projects).ContainsValue(id))
        {
            throw RefusalException.Because(400, "400 Bad request - Missing/invalid scope");
        }

        if (!user.MayUse(type!, ownerId))
        {
            throw RefusalException.Forbidden("Insufficient permissions");
        }

        var problems = RunnerApi.Problems(attributes).Select(problem => $"{Title(problem.Field)} {problem.Problem}").ToArray();
        return problems.Length == 0
            ? state.CreateRunner(attributes, type!, ownerId)
            : throw RefusalException.Because(400, $"400 Bad request - {string.Join(" and ", problems)}");
    }

    private static string Title(string field) => char.ToUpperInvariant(field[0]) + field[1..].Replace('_', ' ');

    private static Runner Find(HttpContext context, GitLabState state, params string[] scopes)
    {
        var user = Authenticate(context, state, scopes);
        var runner = state.Find(long.Parse((string)context.Request.RouteValues["id"]!, CultureInfo.InvariantCulture))
            ?? throw RefusalException.NotFound("Runner");
        return user.MayUse(runner.Type, runner.OwnerId) ? runner : throw RefusalException.Forbidden("No access granted");
    }

    private static IResult Owner(HttpContext context, GitLabState state, IReadOnlyDictionary<string, long> owners, string kind,
        string pathField)
    {
        Authenticate(context, state, "read_api");
        var (path, id) = FindOwner(context, owners, kind);
        return Endpoint.Ok(new JsonObject { ["id"] = id, ["name"] = path.Split('/')[^1], [pathField] = path });
    }

    /// <summary>A group or project by its ID or its path, the slashes of which are escaped.</summary>
    private static (string Path, long Id) FindOwner(HttpContext context, IReadOnlyDictionary<string, long> owners, string kind)
    {
        var text = Uri.UnescapeDataString((string)context.Request.RouteValues["id"]!);
        var isId = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        var found = owners.FirstOrDefault(owner => isId ? owner.Value == number : owner.Key == text);
        return found.Key is null ? throw RefusalException.NotFound(kind) : (found.Key, found.Value);
    }

    private static IResult ListOf(HttpContext context, Parameters parameters, GitLabState state,
        IReadOnlyDictionary<string, long> owners, string kind, string type)
    {
        var user = Authenticate(context, state, "read_api", "manage_runner");
        var (path, id) = FindOwner(context, owners, kind);
        if (!user.MayUse(type, id))
        {
            throw RefusalException.Forbidden();
        }

        // What a group or project may use, and not only what it owns: also what the groups above it and the instance own.
        var above = state.Groups.Where(group => path.StartsWith(group.Key + "/", StringComparison.Ordinal))
            .Select(group => group.Value).ToHashSet();
        return List(context, parameters, state, runner => runner.Type == "instance_type"
            || (runner.Type == type && runner.OwnerId == id)
            || (runner.Type == "group_type" && above.Contains(runner.OwnerId ?? 0)));
    }

    private static IResult List(HttpContext context, Parameters parameters, GitLabState state, Func<Runner, bool> isVisible)
    {
        var type = parameters.OneOf("type", "instance_type", "group_type", "project_type");
        var page = Math.Max(1, parameters.Number("page") ?? 1);
        var size = Math.Clamp(parameters.Number("per_page") ?? 20, 1, 100);
        parameters.EnsureValid();
        var runners = state.Runners.Where(isVisible).Where(runner => type is null || runner.Type == type)
            .OrderByDescending(runner => runner.Id).ToArray();
        var headers = context.Response.Headers;
        headers["X-Page"] = page.ToString(CultureInfo.InvariantCulture);
        headers["X-Per-Page"] = size.ToString(CultureInfo.InvariantCulture);
        headers["X-Total"] = runners.Length.ToString(CultureInfo.InvariantCulture);
        headers["X-Next-Page"] = page * size < runners.Length ? (page + 1).ToString(CultureInfo.InvariantCulture) : "";
        return Endpoint.Result(200, Json.Text(runners.Skip((page - 1) * size).Take(size).Select(runner => Entry(state, runner))));
    }

    private static JsonObject Entry(GitLabState state, Runner runner)
    {
        var status = Status(state.Managers.Where(manager => manager.RunnerId == runner.Id).Select(manager => manager.ContactedAt));
        return new()
        {
            ["id"] = runner.Id,
            ["description"] = runner.Attributes.Description,
            ["ip_address"] = "127.0.0.1",
            ["active"] = !runner.Attributes.Paused,
            ["paused"] = runner.Attributes.Paused,
            ["is_shared"] = runner.Type == "instance_type",
            ["runner_type"] = runner.Type,
            ["name"] = null,
            ["online"] = status == "online",
            ["status"] = status,
        };
    }

    private static JsonObject FullEntry(GitLabState state, Runner runner)
    {
        var entry = Entry(state, runner);
        entry["tag_list"] = Json.Strings(runner.Attributes.Tags);
        entry["run_untagged"] = runner.Attributes.RunUntagged;
        entry["locked"] = runner.Attributes.Locked;
        entry["maximum_timeout"] = runner.Attributes.MaximumTimeout;
        entry["access_level"] = runner.Attributes.AccessLevel;
        entry["maintenance_note"] = runner.Attributes.MaintenanceNote;
        entry["projects"] = new JsonArray(runner.Type == "project_type" ? [new JsonObject { ["id"] = runner.OwnerId }] : []);
        entry["groups"] = new JsonArray(runner.Type == "group_type" ? [new JsonObject { ["id"] = runner.OwnerId }] : []);
        return entry;
    }

    private static JsonObject ManagerEntry(RunnerManager manager) => new()
    {
        ["id"] = manager.Id,
        ["system_id"] = manager.SystemId,
        ["version"] = manager.Version,
        ["contacted_at"] = Json.Time(manager.ContactedAt),
        ["ip_address"] = "127.0.0.1",
        ["status"] = Status([manager.ContactedAt]),
    };

    private static string Status(IEnumerable<DateTimeOffset> contacts)
    {
        var ages = contacts.Select(contact => DateTimeOffset.UtcNow - contact).ToArray();
        return ages.Length == 0 ? "never_contacted"
            : ages.Min() < OnlineFor ? "online"
            : ages.Min() < StaleAfter ? "offline" : "stale";
    }
}
