using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using RunnerWebhook.Tests;

namespace RunnerWebhook.ClusterTests.Abuse;

/// <summary>Abuse of TLS.</summary>
internal static class TlsCases
{
    private const byte Alert = 21;

    private static readonly string[] Alerts = [.. Enumerable.Range(0, 256).Select(code => code switch
    {
        40 => "handshake_failure", 70 => "protocol_version", 50 => "decode_error", _ => $"{code}",
    })];

    public static AbuseCase[] All { get; } =
    [
        new("plain HTTP on the TLS port", "closed", server => Raw(server, AbusedServer.Post(AbusedServer.Review))),
        new("random bytes instead of a handshake", "closed", server => Raw(server, new string('\u00ff', 5000))),
        new("a handshake of TLS 1.0", "alert protocol_version, closed", server => Raw(server, Hello(1))),
        new("a handshake of TLS 1.1", "alert protocol_version, closed", server => Raw(server, Hello(2))),
        new("a handshake of SSL 3.0", "alert handshake_failure, closed", server => Raw(server, Hello(0))),
        new("a TLS record of 64 KB that never ends", "closed", server => Raw(server, "\u0016\u0003\u0001\u00ff\u00ff\u0001\u0000", 15)),
        new("half a handshake, then silence", "closed", server => Raw(server, Hello(3)[..20], 15)),
        new("silence, from 200 connections", "closed × 200", server => Silence(server, 200)),
        new("450 handshakes begun at once and left, five times", "served", Abandoned),
        new("a handshake for another server's name", "200", server => Named(server, "wrong.example.com", "http/1.1")),
        new("a handshake without a server's name", "200", server => Named(server, null, "http/1.1")),
        new("a handshake for a name of 250 characters", "200", server => Named(server, string.Concat(Enumerable.Repeat("abcd.", 50))[..249], "http/1.1")),
        new("a protocol that does not exist (ALPN)", "handshake refused", server => Named(server, "localhost", "smtp")),
        new("HTTP/2 in a connection that chose HTTP/1.1", "505, closed", server => server.Exchange("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u0004\0\0\0\0\0")),
    ];

    private static async Task<string> Raw(AbusedServer server, string bytes, int seconds = 5)
    {
        using var connection = await RawConnection.Open(server.Port);
        await connection.Send(bytes);
        var (text, isClosed) = await connection.ReadToEnd(TimeSpan.FromSeconds(seconds));
        var alert = text.Length > 6 && text[0] == Alert ? $"alert {Alerts[text[6]]}, " : "";
        return alert + (isClosed ? "closed" : "open");
    }

    private static async Task<string> Silence(AbusedServer server, int count)
    {
        var connections = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => RawConnection.Open(server.Port)));
        var ends = await Task.WhenAll(connections.Select(connection => connection.ReadToEnd(TimeSpan.FromSeconds(20))));
        Array.ForEach(connections, connection => connection.Dispose());
        return $"closed × {ends.Count(end => end.IsClosed)}";
    }

    // The server has done its part of each: it has signed.
    private static async Task<string> Abandoned(AbusedServer server)
    {
        var hello = await FirstMessage();
        for (var round = 0; round < 5; round++)
        {
            var connections = await Task.WhenAll(Enumerable.Range(0, 450).Select(_ => RawConnection.Open(server.Port)));
            await Task.WhenAll(connections.Select(connection => connection.Send(hello)));
            var answers = await Task.WhenAll(connections.Select(connection => connection.ReadUntil("\u0016\u0003\u0003", TimeSpan.FromSeconds(20))));
            Array.ForEach(connections, connection => connection.Dispose());
            if (answers.Count(answer => !answer.IsClosed) is var begun and < 450)
            {
                return $"{begun} of 450 begun";
            }
        }

        var good = await server.Exchange(AbusedServer.Post(AbusedServer.Review));
        return good == "200" ? "served" : good;
    }

    private static async Task<string> Named(AbusedServer server, string? name, string protocol)
    {
        try
        {
            using var connection = await RawConnection.OpenTls(server.Port, protocol, name);
            return await AbusedServer.Exchange(connection, AbusedServer.Post(AbusedServer.Review));
        }
        catch (AuthenticationException)
        {
            return "handshake refused";
        }
    }

    // A ClientHello with a key share, as a client of today sends it.
    private static async Task<byte[]> FirstMessage()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var client = RawConnection.OpenTls(((IPEndPoint)listener.LocalEndpoint).Port);
        var message = new byte[16 * 1024];
        using (var socket = await listener.AcceptSocketAsync())
        {
            message = message[..await socket.ReceiveAsync(message)];
        }

        // It gets no answer.
        await Task.WhenAny(client);
        return message;
    }

    // A ClientHello with the ciphers of its time.
    private static string Hello(int minor)
    {
        var version = "\u0003" + (char)minor;
        var extensions = "\0\u000a\0\u0006\0\u0004\0\u001d\0\u0017" + "\0\u000b\0\u0002\u0001\0";
        var body = version + new string('r', 32) + "\0" + "\0\u000c\u00c0\u0013\u00c0\u0014\u00c0\u0009\u00c0\u000a\0\u002f\0\u0035"
            + "\u0001\0" + Length(extensions) + extensions;
        var message = "\u0001\0" + Length(body) + body;
        return "\u0016\u0003\u0001" + Length(message) + message;
    }

    private static string Length(string text) => $"{(char)(text.Length >> 8)}{(char)(text.Length & 0xff)}";
}
