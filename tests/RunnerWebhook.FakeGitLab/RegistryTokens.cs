using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;

namespace RunnerWebhook.FakeGitLab;

/// <summary>The tokens that a container registry asks of its clients, and GitLab gives to running jobs for their own project.
/// Source: Docker's token authentication, https://distribution.github.io/distribution/spec/auth/.</summary>
public sealed class RegistryTokens : IDisposable
{
    /// <summary>Who issues them, as the registry's configuration has it.</summary>
    public const string Issuer = "gitlab-issuer";

    /// <summary>Whom they are for, as GitLab calls every registry.</summary>
    public const string Service = "container_registry";

    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private readonly RSA _key = RSA.Create(2048);
    private readonly X509Certificate2 _certificate;

    public RegistryTokens()
    {
        var request = new CertificateRequest("CN=registry tokens", _key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var now = DateTimeOffset.UtcNow;
        _certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }

    /// <summary>What the registry verifies them by.</summary>
    public string CertificatePem => _certificate.ExportCertificatePem();

    public void Map(WebApplication app, GitLabState state) => app.MapGet("/jwt/auth", Endpoint.Handler(context =>
    {
        var query = context.Request.Query;
        if (!IsJob(context.Request.Headers.Authorization.ToString(), state))
        {
            return Endpoint.Result(401, """{"errors":[{"code":"UNAUTHORIZED","message":"HTTP Basic: Access denied"}]}""");
        }

        return query["service"].ToString() == Service
            ? Endpoint.Ok(new JsonObject { ["token"] = Token(query["scope"].OfType<string>()) })
            : Endpoint.Result(400, """{"error":"service is invalid"}""");
    }));

    public void Dispose()
    {
        _certificate.Dispose();
        _key.Dispose();
    }

    private static bool IsJob(string header, GitLabState state)
    {
        if (!AuthenticationHeaderValue.TryParse(header, out var given) || given.Scheme != "Basic")
        {
            return false;
        }

        var pair = Encoding.UTF8.GetString(Convert.FromBase64String(given.Parameter ?? "")).Split(':', 2);
        return pair is [GitLabState.UserOfJobs, var password]
            && state.Jobs.Any(job => job.Token == password && job.Status == "running");
    }

    private string Token(IEnumerable<string> scopes)
    {
        var access = scopes.SelectMany(scope => scope.Split(' ')).Select(scope => scope.Split(':'))
            .Where(parts => parts is ["repository", GitLabState.ProjectOfJobs, _])
            .Select(parts => (JsonNode)new JsonObject
            {
                ["type"] = parts[0],
                ["name"] = parts[1],
                ["actions"] = Json.Strings(parts[2].Split(',').Where(action => action is "pull" or "push")),
            });
        var now = DateTimeOffset.UtcNow;
        var header = new JsonObject
        {
            ["typ"] = "JWT",
            ["alg"] = "RS256",
            ["x5c"] = new JsonArray(Convert.ToBase64String(_certificate.RawData)),
        };
        var claims = new JsonObject
        {
            ["iss"] = Issuer,
            ["aud"] = Service,
            ["sub"] = GitLabState.UserOfJobs,
            ["nbf"] = now.AddSeconds(-5).ToUnixTimeSeconds(),
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = (now + Lifetime).ToUnixTimeSeconds(),
            ["jti"] = Guid.NewGuid().ToString(),
            ["access"] = new JsonArray([.. access]),
        };
        var signed = $"{Part(header)}.{Part(claims)}";
        var signature = _key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }

    private static string Part(JsonObject json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(Json.Text(json)));
}
