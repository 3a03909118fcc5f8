using Microsoft.AspNetCore.Connections;

namespace RunnerWebhook.Serve;

/// <summary>Begins a TLS handshake when a connection has sent something. One that is closed without a byte, or is silent, costs
/// neither a handshake nor the exception by which it would fail.</summary>
internal static class FirstBytes
{
    // As long as a handshake may take.
    private static readonly TimeSpan MaxSilence = TimeSpan.FromSeconds(10);

    /// <summary>The wait as a part of a port's pipeline.</summary>
    public static ConnectionDelegate Before(ConnectionDelegate next) => async connection =>
    {
        if (await Arrive(connection))
        {
            await next(connection);
        }
    };

    private static async Task<bool> Arrive(ConnectionContext connection)
    {
        var input = connection.Transport.Input;
        await using var timeout = new Timer(_ => input.CancelPendingRead(), null, MaxSilence, Timeout.InfiniteTimeSpan);
        try
        {
            var read = await input.ReadAsync();
            var isEmpty = read.Buffer.IsEmpty;
            input.AdvanceTo(read.Buffer.Start);
            return !isEmpty;
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // Reset by the client, or closed to make room for another.
            return false;
        }
    }
}
