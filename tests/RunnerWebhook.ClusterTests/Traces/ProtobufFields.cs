using System.Buffers.Binary;
using System.Text;

namespace RunnerWebhook.ClusterTests.Traces;

/// <summary>One message of Protocol Buffers, field by field: enough of the wire format to read a span.</summary>
internal sealed class ProtobufFields
{
    private readonly List<(int Number, ulong Value, ReadOnlyMemory<byte> Bytes)> _fields = [];

    public ProtobufFields(ReadOnlyMemory<byte> message)
    {
        for (var at = 0; at < message.Length;)
        {
            var tag = Variable(message.Span, ref at);
            var (value, length) = (tag & 7) switch
            {
                0 => (Variable(message.Span, ref at), 0),
                1 => (BinaryPrimitives.ReadUInt64LittleEndian(message.Span[at..]), 8),
                2 => (0UL, (int)Variable(message.Span, ref at)),
                5 => (BinaryPrimitives.ReadUInt32LittleEndian(message.Span[at..]), 4),
                var kind => throw new InvalidDataException($"wire type {kind} at {at}"),
            };
            _fields.Add(((int)(tag >> 3), value, message.Slice(at, length)));
            at += length;
        }
    }

    public bool Has(int number) => _fields.Exists(field => field.Number == number);

    public ulong Number(int number) => _fields.SingleOrDefault(field => field.Number == number).Value;

    public ReadOnlyMemory<byte> Bytes(int number) => _fields.SingleOrDefault(field => field.Number == number).Bytes;

    public string Text(int number) => Encoding.UTF8.GetString(Bytes(number).Span);

    public IEnumerable<ProtobufFields> Messages(int number) =>
        _fields.Where(field => field.Number == number).Select(field => new ProtobufFields(field.Bytes));

    private static ulong Variable(ReadOnlySpan<byte> message, ref int at)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var part = message[at++];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }
    }
}
