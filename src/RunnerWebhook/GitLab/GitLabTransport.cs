using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.GitLab;

/// <summary>HTTP to GitLab's REST API: every failure becomes a <see cref="GitLabException"/>.</summary>
internal sealed class GitLabTransport : IDisposable
{
    // The longest pause that a person or a pipeline can be expected to wait for.
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(60);
    private const int MaxPauses = 3;

    // A page of a hundred runners is under 100 KB.
    private const int MaxAnswerBytes = 8 * 1024 * 1024;

    private readonly GitLabOptions _options;
    private readonly Action<string> _say;
    private readonly HttpClient _http;

    /// <param name="options">The GitLab and the user.</param>
    /// <param name="say">Prints a message to the person who waits.</param>
    /// <exception cref="GitLabException">The CA file can't be used.</exception>
    public GitLabTransport(GitLabOptions options, Action<string> say)
    {
        (_options, _say) = (options, say);
        _http = new(Handler(options.CaFile))
        {
            BaseAddress = new(options.Url.AbsoluteUri.TrimEnd('/') + "/api/v4/"),
            Timeout = options.Timeout,
            MaxResponseContentBufferSize = MaxAnswerBytes,
        };
        _http.DefaultRequestHeaders.Add("PRIVATE-TOKEN", options.AccessToken);
        _http.DefaultRequestHeaders.Accept.ParseAdd("application/json");
        _http.DefaultRequestHeaders.UserAgent.ParseAdd($"{WellKnown.Program}/{ProgramVersion.Text}");
    }

    /// <summary>Calls and reads the answer.</summary>
    /// <returns>The answer, and the number of the next page if there is one.</returns>
    public async Task<(T Body, int? NextPage)> Call<T>(GitLabCall call, HttpMethod method, string path, byte[]? body,
        JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        using var response = await Send(call, method, path, body, cancellation);
        var content = MediaType(response);
        try
        {
            var bytes = await response.Content.ReadAsByteArrayAsync(cancellation);
            if (content == "application/json" && JsonSerializer.Deserialize(bytes, type) is { } answer)
            {
                return (answer, NextPage(response));
            }
        }
        catch (JsonException)
        {
        }

        throw GitLabFailure.NotGitLab(call, _options, response.StatusCode, content);
    }

    /// <summary>Calls for which success is the only answer.</summary>
    public async Task Call(GitLabCall call, HttpMethod method, string path, CancellationToken cancellation)
    {
        using var response = await Send(call, method, path, null, cancellation);
        if (response.StatusCode != HttpStatusCode.NoContent)
        {
            throw GitLabFailure.NotGitLab(call, _options, response.StatusCode, MediaType(response));
        }
    }

    public void Dispose() => _http.Dispose();

    private static SocketsHttpHandler Handler(string? caFile)
    {
        // A redirect could send the token to another host.
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
        if (caFile is not null)
        {
            var policy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                // A private CA rarely publishes a list of revoked certificates.
                RevocationMode = X509RevocationMode.NoCheck,
            };
            try
            {
                policy.CustomTrustStore.ImportFromPemFile(caFile);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
            {
                throw new GitLabException(GitLabProblem.Refused, $"--ca-file {caFile}: {e.Message}", e);
            }

            if (policy.CustomTrustStore.Count == 0)
            {
                throw new GitLabException(GitLabProblem.Refused,
                    $"--ca-file {caFile}: there is no PEM certificate in it");
            }

            handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
        }

        return handler;
    }

    private async Task<HttpResponseMessage> Send(GitLabCall call, HttpMethod method, string path, byte[]? body,
        CancellationToken cancellation)
    {
        for (var pauses = 0; ; pauses++)
        {
            var response = await SendOnce(call, method, path, body, cancellation);
            if (response.IsSuccessStatusCode)
            {
                return response;
            }

            using (response)
            {
                if (response.StatusCode != HttpStatusCode.TooManyRequests)
                {
                    throw await Failure(call, response, cancellation);
                }

                var pause = Pause(response);
                if (pauses == MaxPauses || pause is null || pause > MaxPause)
                {
                    throw GitLabFailure.Busy(call, _options, pause);
                }

                _say($"{_options.Url} asks for a pause of {(long)Math.Ceiling(pause.Value.TotalSeconds)} seconds: waiting");
                await Task.Delay(pause.Value, cancellation);
            }
        }
    }

    private async Task<HttpResponseMessage> SendOnce(GitLabCall call, HttpMethod method, string path, byte[]? body,
        CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body)
            {
                Headers = { ContentType = new("application/json") },
            };
        }

        try
        {
            return await _http.SendAsync(request, cancellation);
        }
        catch (Exception e) when (e is HttpRequestException
            || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            throw GitLabFailure.Unreachable(call, _options, e);
        }
    }

    private async Task<GitLabException> Failure(GitLabCall call, HttpResponseMessage response,
        CancellationToken cancellation)
    {
        var status = response.StatusCode;
        var content = MediaType(response);
        return (int)status switch
        {
            >= 300 and < 400 => GitLabFailure.Redirected(call, _options, response.Headers.Location),
            < 500 when content != "application/json" => GitLabFailure.NotGitLab(call, _options, status, content),
            _ => GitLabFailure.Refused(call, _options, status,
                await response.Content.ReadAsByteArrayAsync(cancellation)),
        };
    }

    private static string? MediaType(HttpResponseMessage response) => response.Content.Headers.ContentType?.MediaType;

    private static TimeSpan? Pause(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } seconds } => seconds,
        { Date: { } date } => Positive(date - TimeProvider.System.GetUtcNow()),
        _ => null,
    };

    private static TimeSpan Positive(TimeSpan time) => time > TimeSpan.Zero ? time : TimeSpan.Zero;

    private static int? NextPage(HttpResponseMessage response) =>
        response.Headers.TryGetValues("X-Next-Page", out var values)
        && int.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var page)
            ? page : null;
}
