using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;

namespace RunnerWebhook.Tests;

/// <summary>A connection to a port of 127.0.0.1 over which any bytes can be sent, with or without TLS.</summary>
internal sealed class RawConnection : IDisposable
{
    private readonly Socket _socket;
    private Stream _stream;

    private RawConnection(Socket socket) => (_socket, _stream) = (socket, new NetworkStream(socket, ownsSocket: true));

    /// <summary>Connects without TLS.</summary>
    public static async Task<RawConnection> Open(int port, CancellationToken cancellation = default)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port, cancellation);
            return new(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Connects with TLS and trusts any server.</summary>
    /// <param name="port">The port.</param>
    /// <param name="protocol">What is offered by ALPN; null for nothing.</param>
    /// <param name="serverName">What is sent as SNI; null for nothing.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static async Task<RawConnection> OpenTls(
        int port, string? protocol = "http/1.1", string? serverName = "localhost", CancellationToken cancellation = default)
    {
        var connection = await Open(port, cancellation);
        var tls = new SslStream(connection._stream);
        connection._stream = tls;
        try
        {
            await tls.AuthenticateAsClientAsync(new()
            {
                TargetHost = serverName ?? "",
                ApplicationProtocols = protocol is null ? null : [new(protocol)],
#pragma warning disable CA5359 // The server's certificate has tests of its own.
                RemoteCertificateValidationCallback = (_, _, _, _) => true,
#pragma warning restore CA5359
            }, cancellation);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Sends bytes, one for each character.</summary>
    public Task Send(string text, CancellationToken cancellation = default) => Send(Encoding.Latin1.GetBytes(text), cancellation);

    /// <summary>Sends bytes.</summary>
    public async Task Send(ReadOnlyMemory<byte> bytes, CancellationToken cancellation = default)
    {
        await _stream.WriteAsync(bytes, cancellation);
        await _stream.FlushAsync(cancellation);
    }

    /// <summary>Reads what is there, at least one byte.</summary>
    /// <returns>The number of bytes; 0 if the server has closed the connection, in whatever way.</returns>
    public async Task<int> Read(Memory<byte> buffer, CancellationToken cancellation)
    {
        try
        {
            return await _stream.ReadAsync(buffer, cancellation);
        }
        catch (Exception e) when (e is IOException or AuthenticationException)
        {
            return 0;
        }
    }

    /// <summary>Reads until a text has arrived, the server closes, or a time is over.</summary>
    /// <param name="end">The text.</param>
    /// <param name="patience">The time.</param>
    /// <returns>What was read, one character for each byte, and whether the server has closed.</returns>
    public async Task<(string Text, bool IsClosed)> ReadUntil(string end, TimeSpan patience)
    {
        using var timeout = new CancellationTokenSource(patience);
        var text = new StringBuilder();
        var buffer = new byte[16 * 1024];
        try
        {
            while (end.Length == 0 || !text.ToString().Contains(end, StringComparison.Ordinal))
            {
                var length = await Read(buffer, timeout.Token);
                if (length == 0)
                {
                    return (text.ToString(), true);
                }

                text.Append(Encoding.Latin1.GetString(buffer, 0, length));
            }
        }
        catch (OperationCanceledException)
        {
        }

        return (text.ToString(), false);
    }

    /// <summary>Reads until the server closes, or a time is over.</summary>
    public Task<(string Text, bool IsClosed)> ReadToEnd(TimeSpan patience) => ReadUntil("", patience);

    /// <summary>Tells the server that nothing more is sent; what it answers can still be read.</summary>
    public void EndSending() => _socket.Shutdown(SocketShutdown.Send);

    public void Dispose() => _stream.Dispose();
}
