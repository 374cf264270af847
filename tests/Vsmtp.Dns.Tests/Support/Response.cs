using System.Buffers.Binary;
using System.Net;
using System.Text;
using Vsmtp.Dns.Messages;
using Vsmtp.Dns.Names;

namespace Vsmtp.Dns.Tests.Support;

/// <summary>Writes what servers say, without compression, right or wrong as the test wants it.</summary>
internal sealed class Response
{
    private readonly List<byte>[] _sections = [[], [], [], []];
    private readonly int[] _counts = new int[4];

    public Response(int id, DnsQuestion? question)
    {
        Id = (ushort)id;
        if (question is not { } asked) return;
        _sections[0].AddRange([.. asked.Name.Wire, .. Number((ushort)asked.Type), .. Number(1)]);
        _counts[0]++;
    }

    public ushort Id { get; init; }

    public DnsResponseCode Code { get; init; }

    /// <summary>QR, RD and RA; an answer to a query.</summary>
    public ushort Flags { get; init; } = 0x8180;

    public Response Answer(string owner, DnsType type, byte[] data, int ttl = 300) => Add(1, owner, type, data, ttl);

    public Response Authority(string owner, DnsType type, byte[] data, int ttl = 300) => Add(2, owner, type, data, ttl);

    public Response Additional(string owner, DnsType type, byte[] data, int ttl = 300) => Add(3, owner, type, data, ttl);

    /// <summary>The records of a zone's head, for "there is none".</summary>
    public Response Soa(string zone, int ttl = 600, int minimum = 600) => Authority(
        zone, DnsType.Soa, [.. Name("ns." + zone), .. Name("hostmaster." + zone), .. Long(1), .. Long(2), .. Long(3), .. Long(4), .. Long(minimum)], ttl);

    public byte[] ToBytes()
    {
        var bytes = new List<byte>();
        bytes.AddRange([.. Number(Id), .. Number((ushort)(Flags | ((int)Code & 15)))]);
        foreach (var count in _counts) bytes.AddRange(Number((ushort)count));
        foreach (var section in _sections) bytes.AddRange(section);
        return [.. bytes];
    }

    public static byte[] Address(string address) => IPAddress.Parse(address).GetAddressBytes();

    public static byte[] Name(string name) => DnsName.Parse(name).Wire.ToArray();

    public static byte[] Mx(int preference, string exchange) => [.. Number((ushort)preference), .. Name(exchange)];

    public static byte[] Txt(params string[] strings) =>
        [.. strings.SelectMany(text => (byte[])[(byte)Encoding.UTF8.GetByteCount(text), .. Encoding.UTF8.GetBytes(text)])];

    private Response Add(int section, string owner, DnsType type, byte[] data, int ttl)
    {
        _sections[section].AddRange([.. Name(owner), .. Number((ushort)type), .. Number(1), .. Long(ttl), .. Number((ushort)data.Length), .. data]);
        _counts[section]++;
        return this;
    }

    private static byte[] Number(ushort value) => [(byte)(value >> 8), (byte)value];

    private static byte[] Long(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }
}
