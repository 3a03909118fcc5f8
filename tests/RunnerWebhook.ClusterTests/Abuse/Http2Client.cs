using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using RunnerWebhook.Tests;

namespace RunnerWebhook.ClusterTests.Abuse;

/// <summary>A client of HTTP/2 that sends any frames, right or wrong. It never uses Huffman codes or a dynamic table.</summary>
internal sealed class Http2Client : IDisposable
{
    public const byte Data = 0;
    public const byte HeadersFrame = 1;
    public const byte Priority = 2;
    public const byte Reset = 3;
    public const byte Settings = 4;
    public const byte Push = 5;
    public const byte Ping = 6;
    public const byte GoAway = 7;
    public const byte WindowUpdate = 8;
    public const byte Continuation = 9;

    public const byte EndStream = 1;
    public const byte EndHeaders = 4;
    public const byte Ack = 1;

    private const int HeaderLength = 9;

    private static readonly string[] Errors =
    [
        "NO_ERROR", "PROTOCOL_ERROR", "INTERNAL_ERROR", "FLOW_CONTROL_ERROR", "SETTINGS_TIMEOUT", "STREAM_CLOSED", "FRAME_SIZE_ERROR",
        "REFUSED_STREAM", "CANCEL", "COMPRESSION_ERROR", "CONNECT_ERROR", "ENHANCE_YOUR_CALM", "INADEQUATE_SECURITY", "HTTP_1_1_REQUIRED",
    ];

    private static readonly int[] IndexedStatuses = [200, 204, 206, 304, 400, 404, 500];

    private readonly RawConnection _connection;
    private readonly List<string> _events = [];
    private readonly MemoryStream _unsent = new();
    private byte[] _unread = [];

    private Http2Client(RawConnection connection) => _connection = connection;

    /// <summary>Connects, and sends the preface with settings.</summary>
    /// <param name="server">The server.</param>
    /// <param name="settings">Pairs of identifier and value.</param>
    public static async Task<Http2Client> Open(AbusedServer server, params (int Id, uint Value)[] settings)
    {
        var client = new Http2Client(await RawConnection.OpenTls(server.Port, "h2"));
        client._unsent.Write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8);
        var payload = new byte[settings.Length * 6];
        for (var i = 0; i < settings.Length; i++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(payload.AsSpan(i * 6), (ushort)settings[i].Id);
            BinaryPrimitives.WriteUInt32BigEndian(payload.AsSpan((i * 6) + 2), settings[i].Value);
        }

        client.Add(Settings, 0, 0, payload);
        return client;
    }

    /// <summary>Adds a frame to what is sent next.</summary>
    public Http2Client Add(byte type, int flags, int stream, ReadOnlySpan<byte> payload)
    {
        Span<byte> header = stackalloc byte[HeaderLength];
        BinaryPrimitives.WriteInt32BigEndian(header, payload.Length << 8);
        (header[3], header[4]) = (type, (byte)flags);
        BinaryPrimitives.WriteInt32BigEndian(header[5..], stream);
        _unsent.Write(header);
        _unsent.Write(payload);
        return this;
    }

    /// <summary>Adds the headers of a review.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="flags">The frame's flags.</param>
    /// <param name="further">Further headers.</param>
    public Http2Client Headers(int stream, int flags, params (string Name, string Value)[] further) =>
        Add(HeadersFrame, flags, stream, Encode([.. Request, .. further]));

    /// <summary>Adds a whole review.</summary>
    public Http2Client Review(int stream) =>
        Headers(stream, EndHeaders).Add(Data, EndStream, stream, Encoding.Latin1.GetBytes(AbusedServer.Review));

    /// <summary>The headers of a review.</summary>
    public static (string Name, string Value)[] Request =>
        [(":method", "POST"), (":scheme", "https"), (":path", "/mutate"), (":authority", "localhost"), ("content-type", "application/json")];

    /// <summary>Headers as HPACK writes them without tables.</summary>
    public static byte[] Encode(params (string Name, string Value)[] headers)
    {
        var bytes = new MemoryStream();
        foreach (var (name, value) in headers)
        {
            bytes.WriteByte(0);
            WriteText(bytes, name);
            WriteText(bytes, value);
        }

        return bytes.ToArray();
    }

    /// <summary>A number of four bytes.</summary>
    public static byte[] Number(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }

    /// <summary>Sends what was added.</summary>
    /// <returns>Whether the server still takes it.</returns>
    public async Task<bool> Send()
    {
        try
        {
            await _connection.Send(_unsent.ToArray());
            return true;
        }
        catch (IOException)
        {
            return false;
        }
        finally
        {
            _unsent.SetLength(0);
        }
    }

    /// <summary>Sends what was added, and reports what comes back until the server closes or is quiet.</summary>
    public async Task<string> Outcome(double seconds = 1)
    {
        await Send();
        return await Read(seconds);
    }

    /// <summary>Reports what comes back: statuses, resets, the end of the connection; each kind once, with its number.</summary>
    public async Task<string> Read(double seconds = 1)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        var buffer = new byte[64 * 1024];
        try
        {
            while (true)
            {
                var length = await _connection.Read(buffer, timeout.Token);
                if (length == 0)
                {
                    _events.Add("closed");
                    break;
                }

                Take([.. _unread, .. buffer.AsSpan(0, length)]);
            }
        }
        catch (OperationCanceledException)
        {
        }

        return string.Join(", ", _events.GroupBy(name => name)
            .Select(group => group.Count() == 1 ? group.Key : $"{group.Key} × {group.Count().ToString(CultureInfo.InvariantCulture)}"));
    }

    public void Dispose()
    {
        _connection.Dispose();
        _unsent.Dispose();
    }

    private void Take(byte[] bytes)
    {
        var rest = bytes.AsSpan();
        while (rest.Length >= HeaderLength)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(rest) >> 8;
            if (rest.Length < HeaderLength + length)
            {
                break;
            }

            Note(rest[3], rest.Slice(HeaderLength, length));
            rest = rest[(HeaderLength + length)..];
        }

        _unread = rest.ToArray();
    }

    private void Note(byte type, ReadOnlySpan<byte> payload)
    {
        switch (type)
        {
            case HeadersFrame:
                _events.Add(StatusOf(payload));
                break;
            case Reset:
                _events.Add("reset " + Errors[BinaryPrimitives.ReadInt32BigEndian(payload)]);
                break;
            case GoAway:
                _events.Add("goaway " + Errors[BinaryPrimitives.ReadInt32BigEndian(payload[4..])]);
                break;
            default:
                break;
        }
    }

    // Kestrel writes the status first, after changes of the table's size.
    private static string StatusOf(ReadOnlySpan<byte> block)
    {
        while ((block[0] & 0xe0) == 0x20)
        {
            block = block[1..];
        }

        return (block[0] & 0x80) != 0
            ? IndexedStatuses[(block[0] & 0x7f) - 8].ToString(CultureInfo.InvariantCulture)
            : Encoding.ASCII.GetString(block.Slice(block[1] == 3 ? 2 : 10, 3));
    }

    private static void WriteText(MemoryStream bytes, string text)
    {
        var length = text.Length;
        if (length < 127)
        {
            bytes.WriteByte((byte)length);
        }
        else
        {
            bytes.WriteByte(127);
            for (length -= 127; length >= 128; length /= 128)
            {
                bytes.WriteByte((byte)((length % 128) + 128));
            }

            bytes.WriteByte((byte)length);
        }

        bytes.Write(Encoding.Latin1.GetBytes(text));
    }
}
