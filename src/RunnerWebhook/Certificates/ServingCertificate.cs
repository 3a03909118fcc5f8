using System.Globalization;
using System.Net.Security;
using RunnerWebhook.Health;
using RunnerWebhook.Logging;

namespace RunnerWebhook.Certificates;

/// <summary>
/// The certificate in service. Each handshake reads it once; a new one replaces it as a whole, when
/// <see cref="ServingChoice"/> permits. A pair that cannot be used leaves the current one in service.
/// </summary>
internal sealed class ServingCertificate(
    CertificateOptions options, WebhookTrust trust, TimeProvider time, ILogger<ServingCertificate> logger)
    : IReadinessCheck, IDisposable
{
    private readonly Lock _change = new();
    private readonly SemaphoreSlim _newOffers = new(0);
    private volatile SslStreamCertificateContext? _current;
    private volatile LoadedPair? _inService;
    private volatile string? _problem;
    private volatile string? _waits;
    private LoadedPair? _offered;
    private (KeyPair Pair, string Why)? _refused;

    public string Name => "certificate";

    /// <summary>What a handshake sends; null while there is no certificate.</summary>
    public SslStreamCertificateContext? Current => _current;

    /// <summary>The pair in service; null while there is none.</summary>
    public LoadedPair? InService => _inService;

    /// <summary>Why the pair that is offered now cannot be used; null if it can.</summary>
    public string? Problem => _problem;

    /// <summary>Why the pair that is offered now is not served yet; null if it is.</summary>
    public string? Waits => _waits;

    /// <summary>When the certificate in service expires; null while there is none.</summary>
    public DateTimeOffset? NotAfter => _inService?.NotAfter;

    /// <summary>Offers a pair: it is served now, or as soon as <see cref="ServingChoice"/> permits.</summary>
    /// <param name="pair">The pair.</param>
    /// <param name="source">Where it comes from, for messages.</param>
    public void Offer(KeyPair pair, string source)
    {
        lock (_change)
        {
            if (pair != _offered?.Pair)
            {
                if (Take(pair) is { } why)
                {
                    Reject($"{source}: {why}");
                    return;
                }

                _newOffers.Release();
            }

            _problem = null;
        }

        Choose();
    }

    /// <summary>Decides again between the pair in service and the one that is offered: trust and time have moved on.</summary>
    public void Choose()
    {
        lock (_change)
        {
            if (_offered is not { } offered || offered == _inService)
            {
                _waits = null;
                return;
            }

            var settle = options.SelfManaged?.Terms.Settle ?? options.Settle;
            var why = ServingChoice.WhyWait(
                _inService, offered, trust.Live, trust.UnchangedSince, settle, time.GetUtcNow());
            if (why is null)
            {
                Serve(offered);
            }
            else if (_waits is null)
            {
                Log.CertificateWaits(logger, offered.Names, _inService!.NotAfter.UtcDateTime, why);
            }

            _waits = why;
        }
    }

    /// <summary>Serves a certificate for localhost, which no API server trusts.</summary>
    public void ServeThrowAway()
    {
        var now = time.GetUtcNow();
        using var authority = CertificateAuthority.Create(now, TimeSpan.FromDays(7));
        Offer(authority.IssueServing(["localhost", "127.0.0.1", "::1"], now, TimeSpan.FromDays(7)), "the throw-away certificate");
        Log.CertificateThrownAway(logger);
    }

    /// <summary>Keeps the certificate in service and reports why no newer one can be used.</summary>
    public void Reject(string problem)
    {
        if (problem == _problem)
        {
            return;
        }

        _problem = problem;
        if (_current is null)
        {
            Log.CertificateAwaited(logger, problem);
        }
        else
        {
            Log.CertificateRejected(logger, problem);
        }
    }

    /// <summary>Waits for a pair that was not offered before.</summary>
    /// <param name="longest">How long to wait at most.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task NewOffer(TimeSpan longest, CancellationToken cancellation) => _newOffers.WaitAsync(longest, cancellation);

    public Readiness Judge() => NotAfter is not { } notAfter ? new(false, "none yet", Problem)
        : new(notAfter > time.GetUtcNow(),
            string.Create(CultureInfo.InvariantCulture, $"valid until {notAfter.UtcDateTime:u}"),
            Problem is not null ? $"the certificate offered since cannot be used: {Problem}"
                : Waits is not null ? $"the certificate offered since waits: {Waits}" : null);

    public void Dispose() => _newOffers.Dispose();

    // Why a pair is of no use; null if it is the one offered now. Files are offered every second: each is read once.
    private string? Take(KeyPair pair)
    {
        if (pair == _refused?.Pair)
        {
            return _refused?.Why;
        }

        var loaded = LoadedPair.Read(pair.CertificatePem, pair.KeyPem, out var problem);
        var why = loaded is null ? problem : loaded.WhyNoServer();
        _offered = why is null ? loaded : _offered;
        _refused = why is null ? null : (pair, why);
        return why;
    }

    private void Serve(LoadedPair pair)
    {
        var isFirst = _current is null;
        _current = pair.ForHandshakes();
        _inService = pair;
        Log.CertificateLoaded(logger, pair.Names, pair.NotAfter.UtcDateTime);
        if (!isFirst)
        {
            FreeReplaced();
        }
    }

    // OpenSSL's memory for the pair before is freed with its handles. They are old by now, and a collection of old objects is
    // otherwise rare: reviews leave none.
    private static void FreeReplaced()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        NativeHeap.Trim();
    }
}
