using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;

namespace RunnerWebhook.FakeGitLab;

/// <summary>All that the fake GitLab knows: what tests set and look at. Safe to use while requests are answered.</summary>
public sealed class GitLabState
{
    /// <summary>The project that all jobs belong to.</summary>
    public const string ProjectOfJobs = "group/project";

    /// <summary>As whom jobs log in to the container registry, with their token as the password.</summary>
    public const string UserOfJobs = "gitlab-ci-token";

    private readonly Lock _lock = new();
    private readonly GitLabOptions _options;
    private ImmutableSortedDictionary<long, Runner> _runners = ImmutableSortedDictionary<long, Runner>.Empty;
    private ImmutableArray<RunnerManager> _managers = [];
    private ImmutableArray<Job> _jobs = [];
    private ImmutableArray<AccessToken> _accessTokens = [];
    private ImmutableArray<ReceivedRequest> _requests = [];
    private ImmutableSortedDictionary<string, long> _groups = ImmutableSortedDictionary<string, long>.Empty;
    private ImmutableSortedDictionary<string, long> _projects = ImmutableSortedDictionary<string, long>.Empty;
    private long _lastId;

    internal GitLabState(GitLabOptions options) => _options = options;

    /// <summary>The registration token of the instance; the seed's by default.</summary>
    public string RegistrationToken { get; set; } = "gitlabtoken";

    /// <summary>Whether registration tokens work at all (off by default since GitLab 17.0; on here).</summary>
    public bool RegistrationAllowed { get; set; } = true;

    /// <summary>When tokens made from now on expire; null for never.</summary>
    public DateTimeOffset? TokenExpiry { get; set; }

    /// <summary>The runners there are, by ID.</summary>
    public ImmutableArray<Runner> Runners => [.. _runners.Values];

    /// <summary>The managers of all runners, oldest first.</summary>
    public ImmutableArray<RunnerManager> Managers => _managers;

    /// <summary>The jobs, oldest first.</summary>
    public ImmutableArray<Job> Jobs => _jobs;

    /// <summary>All requests so far that were answered, in the order of the answers.</summary>
    public ImmutableArray<ReceivedRequest> Requests => _requests;

    internal ImmutableArray<AccessToken> AccessTokens => _accessTokens;

    /// <summary>The groups: ID by full path.</summary>
    public ImmutableSortedDictionary<string, long> Groups => _groups;

    /// <summary>The projects: ID by full path.</summary>
    public ImmutableSortedDictionary<string, long> Projects => _projects;

    /// <summary>Makes a group and returns its ID.</summary>
    public long AddGroup(string path)
    {
        lock (_lock)
        {
            _groups = _groups.Add(path, ++_lastId);
            return _lastId;
        }
    }

    /// <summary>Makes a project and returns its ID.</summary>
    public long AddProject(string path)
    {
        lock (_lock)
        {
            _projects = _projects.Add(path, ++_lastId);
            return _lastId;
        }
    }

    /// <summary>Makes an access token that works until it is revoked; an administrator's with scope <c>api</c> by default.</summary>
    public AccessToken IssueAccessToken(AccessToken? token = null)
    {
        token ??= new() { Value = "glpat-" + RandomText(), IsAdmin = true };
        lock (_lock)
        {
            _accessTokens = _accessTokens.Add(token);
        }

        return token;
    }

    /// <summary>Takes an access token back.</summary>
    public void RevokeAccessToken(AccessToken token)
    {
        lock (_lock)
        {
            _accessTokens = _accessTokens.Replace(token, token with { IsRevoked = true });
        }
    }

    /// <summary>Makes a runner as a user would in the web pages: with a <c>glrt-</c> token.</summary>
    public Runner CreateRunner(RunnerAttributes? attributes = null, string type = "instance_type", long? ownerId = null) =>
        Add(new(0, "", true, type, ownerId, attributes ?? new()));

    /// <summary>Deletes a runner: its token and those of its managers stop working.</summary>
    public bool DeleteRunner(long id)
    {
        lock (_lock)
        {
            var existed = _runners.ContainsKey(id);
            _runners = _runners.Remove(id);
            _managers = _managers.RemoveAll(manager => manager.RunnerId == id);
            return existed;
        }
    }

    /// <summary>Gives a runner another token; the old one stops working.</summary>
    public Runner? ResetToken(long id)
    {
        lock (_lock)
        {
            if (!_runners.TryGetValue(id, out var runner))
            {
                return null;
            }

            runner = runner with { Token = NewToken(runner), TokenExpiresAt = TokenExpiry };
            _runners = _runners.SetItem(id, runner);
            return runner;
        }
    }

    /// <summary>Puts a job into the queue.</summary>
    public Job Enqueue(IEnumerable<string> script, string image = "", params string[] tags)
    {
        lock (_lock)
        {
            var job = new Job(++_lastId, "glcbt-" + RandomText(), image, [.. script], [.. tags]);
            _jobs = _jobs.Add(job);
            return job;
        }
    }

    /// <summary>Cancels a job: the runner learns it with its next call for the job.</summary>
    public void Cancel(Job job) => Change(job.Id, current => current with { Status = "canceled" });

    /// <summary>A job as it is now.</summary>
    public Job JobOf(long id) => _jobs.Single(job => job.Id == id);

    /// <summary>Forgets the requests so far.</summary>
    public void ClearRequests() => _requests = [];

    /// <summary>Sets when a manager last called, so that it counts as offline.</summary>
    public void SetContact(long runnerId, string systemId, DateTimeOffset at) => Touch(runnerId, systemId, null, at);

    internal Runner Register(RunnerAttributes attributes) =>
        Add(new(0, "", false, "instance_type", null, attributes));

    internal Runner? FindByToken(string token) => _runners.Values.FirstOrDefault(runner => runner.Token == token);

    internal Runner? Find(long id) => _runners.GetValueOrDefault(id);

    internal void Record(ReceivedRequest request)
    {
        lock (_lock)
        {
            _requests = _requests.Add(request);
        }
    }

    /// <summary>Makes or updates the manager with a system ID.</summary>
    internal void Touch(long runnerId, string systemId, string? version, DateTimeOffset at)
    {
        lock (_lock)
        {
            var known = _managers.FirstOrDefault(manager => manager.RunnerId == runnerId && manager.SystemId == systemId);
            _managers = known is null
                ? _managers.Add(new(++_lastId, runnerId, systemId, version ?? "", at))
                : _managers.Replace(known, known with { Version = version ?? known.Version, ContactedAt = at });
        }
    }

    internal bool DeleteManager(long runnerId, string systemId)
    {
        lock (_lock)
        {
            var before = _managers.Length;
            _managers = _managers.RemoveAll(manager => manager.RunnerId == runnerId && manager.SystemId == systemId);
            return _managers.Length < before;
        }
    }

    /// <summary>Hands the oldest job that the runner may take to it.</summary>
    internal Job? Take(Runner runner, string systemId)
    {
        lock (_lock)
        {
            var job = runner.Attributes.Paused ? null : _jobs.FirstOrDefault(candidate => candidate.Status == "pending"
                && candidate.Tags.All(runner.Attributes.Tags.Contains)
                && (!candidate.Tags.IsEmpty || runner.Attributes.RunUntagged));
            return job is null ? null : Change(job.Id, current => current with
            {
                Status = "running",
                RunnerId = runner.Id,
                SystemId = systemId,
            });
        }
    }

    internal Job Change(long id, Func<Job, Job> change)
    {
        lock (_lock)
        {
            var job = JobOf(id);
            var changed = change(job);
            _jobs = _jobs.Replace(job, changed);
            return changed;
        }
    }

    private Runner Add(Runner runner)
    {
        lock (_lock)
        {
            runner = runner with { Id = ++_lastId, Token = NewToken(runner), TokenExpiresAt = TokenExpiry };
            _runners = _runners.Add(runner.Id, runner);
            return runner;
        }
    }

    private string NewToken(Runner runner) => _options.TokenPrefix + (runner.IsCreated, _options.RegisteredTokensHavePrefix) switch
    {
        // The letter says the type of runner in today's tokens.
        (true, _) => string.Create(CultureInfo.InvariantCulture, $"glrt-t{TypeNumber(runner.Type)}_{RandomText()}"),
        (false, true) => "glrtr-" + RandomText(),
        _ => RandomText(),
    };

    private static int TypeNumber(string type) => type switch { "instance_type" => 1, "group_type" => 2, _ => 3 };

    private static string RandomText() =>
        RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", 20);
}
