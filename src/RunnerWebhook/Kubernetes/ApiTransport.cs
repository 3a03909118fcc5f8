using System.Collections.Immutable;
using System.Net;
using System.Net.Security;
using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Kubernetes;

/// <summary>HTTP to one API server. The transport of the KubernetesClient package does not check the host name of a
/// certificate, and its types drop fields that they do not know; so this program has its own.</summary>
internal sealed class ApiTransport : IDisposable
{
    // A page of 500 objects of 64 KB each; a server in a container of 256 MiB has room for it.
    private const int MaxAnswerBytes = 32 * 1024 * 1024;

    // The API server itself gives up on a request after a minute.
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(60);

    // Logs come from kubelet, and the proxy's answers from a pod: either may be out of reach.
    private static readonly TimeSpan TextPatience = TimeSpan.FromSeconds(10);

    private readonly ClusterCredentials _credentials;
    private readonly HttpClient _http;

    public ApiTransport(ClusterCredentials credentials)
    {
        _credentials = credentials;
        _http = new(Handler(credentials))
        {
            BaseAddress = credentials.Server,
            Timeout = Timeout.InfiniteTimeSpan,
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        _http.DefaultRequestHeaders.UserAgent.ParseAdd($"{WellKnown.Program}/{ProgramVersion.Text}");
    }

    /// <summary>Text as the body of a request.</summary>
    public static ByteArrayContent Content(string text, string type) =>
        new(Encoding.UTF8.GetBytes(text)) { Headers = { ContentType = new(type) } };

    /// <summary>Sends a request and reads the answer whole.</summary>
    /// <exception cref="ApiException">The server cannot be reached, or its answer is a failure or not JSON.</exception>
    public async Task<ApiAnswer> Send(HttpMethod method, string path, HttpContent? content, string accept,
        CancellationToken cancellation)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(MaxWait);
        try
        {
            using var response = await Begin(method, path, content, accept, timeout.Token);
            await response.Content.LoadIntoBufferAsync(MaxAnswerBytes, timeout.Token);
            await using var stream = await response.Content.ReadAsStreamAsync(timeout.Token);
            using var document = await JsonDocument.ParseAsync(stream, default, timeout.Token);
            return new(document.RootElement.Clone(), Warnings(response));
        }
        catch (JsonException e)
        {
            throw ApiFailure.Unreadable(_credentials, method, path, e);
        }
        catch (Exception e) when (IsUnreachable(e, cancellation))
        {
            throw ApiFailure.Unreachable(_credentials, e);
        }
    }

    /// <summary>Reads a text, also where the status is 503 and the text is not the API server's own.</summary>
    /// <exception cref="ApiException">There is no answer, or the answer is no text.</exception>
    public async Task<string> Text(string path, CancellationToken cancellation)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(TextPatience);
        try
        {
            using var response = await Ask(HttpMethod.Get, path, null, "*/*", timeout.Token);
            await response.Content.LoadIntoBufferAsync(MaxAnswerBytes, timeout.Token);
            var body = await response.Content.ReadAsByteArrayAsync(timeout.Token);
            // Replicas name no content type; the API server's own failures are JSON.
            var isText = response.Content.Headers.ContentType?.MediaType is null or "text/plain";
            return response.IsSuccessStatusCode || (isText && response.StatusCode == HttpStatusCode.ServiceUnavailable)
                ? Encoding.UTF8.GetString(body)
                : throw ApiFailure.Read(HttpMethod.Get, path, _credentials.Source, response.StatusCode, body);
        }
        catch (Exception e) when (IsUnreachable(e, cancellation))
        {
            throw ApiFailure.Unreachable(_credentials, e);
        }
    }

    /// <summary>Sends a request and reads the answer line by line, as it comes.</summary>
    /// <exception cref="ApiException">The server cannot be reached, its answer is a failure or not JSON, or the
    /// connection breaks.</exception>
    public async IAsyncEnumerable<JsonElement> Lines(string path, string accept,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var response = await Reach(() => Begin(HttpMethod.Get, path, null, accept, cancellation), cancellation);
        await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
        using var reader = new StreamReader(stream);
        while (await Reach(async () => await reader.ReadLineAsync(cancellation), cancellation) is { } line)
        {
            yield return Parse(line, path);
        }
    }

    public void Dispose() => _http.Dispose();

    private static SocketsHttpHandler Handler(ClusterCredentials credentials)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.GZip,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
            KeepAlivePingDelay = TimeSpan.FromSeconds(15),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(15),
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
        };
        var tls = handler.SslOptions;
        if (credentials.TrustsAnyServer)
        {
#pragma warning disable CA5359 // The kubeconfig says insecure-skip-tls-verify.
            tls.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        }
        else if (credentials.Authorities is { } authorities)
        {
            tls.CertificateChainPolicy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust };
            tls.CertificateChainPolicy.CustomTrustStore.AddRange(authorities);
            // The CA of a cluster publishes no list of revoked certificates.
            tls.CertificateChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        }

        if (credentials.ClientCertificates is { Count: > 0 } certificates)
        {
            tls.ClientCertificateContext =
                SslStreamCertificateContext.Create(certificates[0], [.. certificates.Skip(1)], offline: true);
        }

        return handler;
    }

    private async Task<HttpResponseMessage> Ask(HttpMethod method, string path, HttpContent? content, string accept,
        CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = content };
        request.Headers.TryAddWithoutValidation("Accept", accept);
        // The handler asks for, and checks, the name of this header.
        request.Headers.Host = _credentials.ServerName;
        if (_credentials.Authorization is { } authorization)
        {
            request.Headers.Authorization = await authorization(cancellation);
        }

        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
    }

    private async Task<HttpResponseMessage> Begin(HttpMethod method, string path, HttpContent? content, string accept,
        CancellationToken cancellation)
    {
        var response = await Ask(method, path, content, accept, cancellation);
        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            await response.Content.LoadIntoBufferAsync(MaxAnswerBytes, cancellation);
            var body = await response.Content.ReadAsByteArrayAsync(cancellation);
            throw ApiFailure.Read(method, path, _credentials.Source, response.StatusCode, body);
        }
    }

    private JsonElement Parse(string line, string path)
    {
        try
        {
            return JsonElement.Parse(line);
        }
        catch (JsonException e)
        {
            throw ApiFailure.Unreadable(_credentials, HttpMethod.Get, path, e);
        }
    }

    private async Task<T> Reach<T>(Func<Task<T>> call, CancellationToken cancellation)
    {
        try
        {
            return await call();
        }
        catch (Exception e) when (IsUnreachable(e, cancellation))
        {
            throw ApiFailure.Unreachable(_credentials, e);
        }
    }

    private static bool IsUnreachable(Exception e, CancellationToken cancellation) =>
        e is HttpRequestException or IOException or UnauthorizedAccessException
            or k8s.Exceptions.KubeConfigException
        || (e is OperationCanceledException && !cancellation.IsCancellationRequested);

    private static ImmutableArray<string> Warnings(HttpResponseMessage response) =>
        response.Headers.TryGetValues("Warning", out var values) ? [.. values.Select(WarningText)] : [];

    // 299 - "text", with quotes and backslashes escaped by a backslash (RFC 7234, section 5.5).
    private static string WarningText(string header)
    {
        var (start, end) = (header.IndexOf('"', StringComparison.Ordinal), header.LastIndexOf('"'));
        return start < 0 || start == end ? header
            : header[(start + 1)..end].Replace("\\\"", "\"", StringComparison.Ordinal)
                .Replace("\\\\", "\\", StringComparison.Ordinal);
    }
}
