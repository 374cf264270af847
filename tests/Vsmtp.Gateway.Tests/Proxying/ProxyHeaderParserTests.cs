using System.Buffers;
using System.Net;
using System.Text;
using Vsmtp.Gateway.Proxying;

namespace Vsmtp.Gateway.Tests.Proxying;

public sealed class ProxyHeaderParserTests
{
    private static readonly byte[] Behind = "EHLO client.example.org\r\n"u8.ToArray();

    [Theory]
    [InlineData("192.0.2.7:40000", "198.51.100.1:25", "192.0.2.7:40000", "198.51.100.1:25")]
    [InlineData("255.255.255.255:65535", "0.0.0.0:0", "255.255.255.255:65535", "0.0.0.0:0")]
    [InlineData("[2001:db8::7]:40000", "[2001:db8::1]:25", "[2001:db8::7]:40000", "[2001:db8::1]:25")]
    [InlineData("[::ffff:192.0.2.7]:40000", "[::ffff:198.51.100.1]:25", "192.0.2.7:40000", "198.51.100.1:25")]
    [InlineData("[::ffff:192.0.2.7]:40000", "[2001:db8::1]:25", "192.0.2.7:40000", "[2001:db8::1]:25")]
    public void A_header_of_TCP_tells_both_ends(string client, string server, string clientTold, string serverTold)
    {
        var expected = new ProxyHeader.Relayed(IPEndPoint.Parse(clientTold), IPEndPoint.Parse(serverTold));
        Assert.Equal(expected, Parse(ProxyBytes.Relay(client, server)));
        Assert.Equal(expected, Parse(ProxyBytes.Relay(client, server, ProxyBytes.Addition(0x04, new byte[300]))));
    }

    [Theory]
    [InlineData("TCP4 192.0.2.7 198.51.100.1 40000 25", "192.0.2.7:40000", "198.51.100.1:25")]
    [InlineData("TCP4 255.255.255.255 0.0.0.0 65535 0", "255.255.255.255:65535", "0.0.0.0:0")]
    [InlineData("TCP6 2001:db8::7 2001:DB8:0:0:0:0:0:1 40000 25", "[2001:db8::7]:40000", "[2001:db8::1]:25")]
    [InlineData("TCP6 ::ffff:192.0.2.7 2001:db8::1 40000 25", "192.0.2.7:40000", "[2001:db8::1]:25")]
    public void A_line_of_version_1_tells_both_ends(string line, string client, string server)
    {
        var bytes = Encoding.ASCII.GetBytes($"PROXY {line}\r\n");
        var expected = new ProxyHeader.Relayed(IPEndPoint.Parse(client), IPEndPoint.Parse(server));
        Assert.Equal(expected, Parse(bytes));
        Assert.Equal((expected, bytes.Length), ParseByOctet([.. bytes, .. Behind]));
    }

    [Theory]
    [InlineData(""), InlineData(" TCP4 and anything"), InlineData(" ffff:f...f:ffff ffff:f...f:ffff 65535 65535")]
    public void Of_an_unknown_client_a_line_of_version_1_tells_nothing_whatever_follows(string rest)
    {
        var bytes = Encoding.ASCII.GetBytes($"PROXY UNKNOWN{rest}\r\n");
        Assert.Equal((ProxyHeader.Own.Instance, bytes.Length), ParseByOctet([.. bytes, .. Behind]));
    }

    [Fact]
    public void The_longest_line_of_version_1_is_taken()
    {
        var bytes = Encoding.ASCII.GetBytes($"PROXY UNKNOWN {new string('x', ProxyLineParser.MaxBytes - 16)}\r\n");
        Assert.Equal(ProxyLineParser.MaxBytes, bytes.Length);
        Assert.Same(ProxyHeader.Own.Instance, Parse(bytes));
    }

    /// <summary>LOCAL with anything behind it; unspecified families, with addresses that are not to be heeded.</summary>
    public static TheoryData<byte, byte, int> OwnHeaders => new()
    {
        { ProxyBytes.Local, 0x00, 0 },
        { ProxyBytes.Local, 0x00, 12 },
        { ProxyBytes.Local, ProxyBytes.TcpOverIpv4, 12 },
        { ProxyBytes.Local, ProxyBytes.TcpOverIpv4, 3 },
        { ProxyBytes.Local, 0x31, 216 },
        { ProxyBytes.Local, 0xFF, ProxyHeaderParser.MaxBytes - 16 },
        { ProxyBytes.Proxy, 0x00, 0 },
        { ProxyBytes.Proxy, 0x00, 1 },
        { ProxyBytes.Proxy, 0x01, 12 },
        { ProxyBytes.Proxy, 0x02, 300 },
    };

    [Theory, MemberData(nameof(OwnHeaders))]
    public void A_health_check_and_an_unknown_client_have_the_real_ends_whatever_follows(byte command, byte family, int length) =>
        Assert.Same(ProxyHeader.Own.Instance, Parse(ProxyBytes.Of(command, family, [.. Enumerable.Repeat((byte)0xFF, length)])));

    public static TheoryData<byte[], string> WrongHeaders => new()
    {
        { "EHLO client.example.org\r\n"u8.ToArray(), ProxyHeaderParser.NoHeader },
        { "\r\nEHLO client.example.org\r\n"u8.ToArray(), ProxyHeaderParser.NoHeader },
        { [0x16, 0x03, 0x01], ProxyHeaderParser.NoHeader },
        { "PROXX"u8.ToArray(), ProxyHeaderParser.NoHeader },
        { "PROXYING IS FUN\r\n"u8.ToArray(), ProxyHeaderParser.NoHeader },
        { "PROXY TCP4 192.0.2.7 198.51.100.1 40000 25\n"u8.ToArray(), ProxyLineParser.BadEnd },
        { "PROXY TCP4 192.0.2.7 198.51.100.1 40000\r25\r\n"u8.ToArray(), ProxyLineParser.BadEnd },
        { Encoding.ASCII.GetBytes($"PROXY UNKNOWN {new string('x', 100)}\r\n"), ProxyLineParser.TooLong },
        { "PROXY  TCP4 192.0.2.7 198.51.100.1 40000 25\r\n"u8.ToArray(), ProxyLineParser.UnknownFamily },
        { "PROXY \r\n"u8.ToArray(), ProxyLineParser.UnknownFamily },
        { "PROXY tcp4 192.0.2.7 198.51.100.1 40000 25\r\n"u8.ToArray(), ProxyLineParser.UnknownFamily },
        { "PROXY UDP4 192.0.2.7 198.51.100.1 40000 25\r\n"u8.ToArray(), ProxyLineParser.UnknownFamily },
        { "PROXY TCP4\r\n"u8.ToArray(), ProxyLineParser.BadAddresses },
        { "PROXY TCP4 192.0.2.7 198.51.100.1 40000\r\n"u8.ToArray(), ProxyLineParser.BadAddresses },
        { "PROXY TCP4 192.0.2.7 198.51.100.1 40000 25 \r\n"u8.ToArray(), ProxyLineParser.BadAddresses },
        { "PROXY TCP4 192.0.2.7 198.51.100.1 40000 65536\r\n"u8.ToArray(), ProxyLineParser.BadAddresses },
        { "PROXY TCP4 192.0.2.7 198.51.100.1 +4000 25\r\n"u8.ToArray(), ProxyLineParser.BadAddresses },
        { "PROXY TCP4 192.0.2.7 198.51.100.1 040000 25\r\n"u8.ToArray(), ProxyLineParser.BadAddresses },
        { "PROXY TCP4 192.0.2.07 198.51.100.1 40000 25\r\n"u8.ToArray(), ProxyLineParser.BadAddresses },
        { "PROXY TCP4 3221225991 198.51.100.1 40000 25\r\n"u8.ToArray(), ProxyLineParser.BadAddresses },
        { "PROXY TCP4 2001:db8::7 2001:db8::1 40000 25\r\n"u8.ToArray(), ProxyLineParser.BadAddresses },
        { "PROXY TCP6 192.0.2.7 198.51.100.1 40000 25\r\n"u8.ToArray(), ProxyLineParser.BadAddresses },
        { "PROXY TCP6 [2001:db8::7] [2001:db8::1] 40000 25\r\n"u8.ToArray(), ProxyLineParser.BadAddresses },
        { "PROXY TCP6 fe80::7%1 2001:db8::1 40000 25\r\n"u8.ToArray(), ProxyLineParser.BadAddresses },
        { [.. ProxyBytes.Signature[..11], 0x0D], ProxyHeaderParser.NoHeader },
        { ProxyBytes.Of(0x11, 0x00), ProxyHeaderParser.OtherVersion },
        { ProxyBytes.Of(0x30, 0x00), ProxyHeaderParser.OtherVersion },
        { ProxyBytes.Of(0x01, 0x00), ProxyHeaderParser.OtherVersion },
        { ProxyBytes.Of(0x22, 0x00), ProxyHeaderParser.UnknownCommand },
        { ProxyBytes.Of(0x2F, 0x11, new byte[12]), ProxyHeaderParser.UnknownCommand },
        { ProxyBytes.Of(ProxyBytes.Proxy, 0x41, new byte[36]), ProxyHeaderParser.UnknownFamily },
        { ProxyBytes.Of(ProxyBytes.Proxy, 0x13, new byte[12]), ProxyHeaderParser.UnknownFamily },
        { ProxyBytes.Of(ProxyBytes.Proxy, 0x03, new byte[12]), ProxyHeaderParser.UnknownFamily },
        { ProxyBytes.Of(ProxyBytes.Proxy, 0x12, new byte[12]), ProxyHeaderParser.NotTcp },
        { ProxyBytes.Of(ProxyBytes.Proxy, 0x22, new byte[36]), ProxyHeaderParser.NotTcp },
        { ProxyBytes.Of(ProxyBytes.Proxy, 0x10, new byte[12]), ProxyHeaderParser.NotTcp },
        { ProxyBytes.Of(ProxyBytes.Proxy, 0x31, new byte[216]), ProxyHeaderParser.NotTcp },
        { ProxyBytes.Of(ProxyBytes.Proxy, 0x32, new byte[216]), ProxyHeaderParser.NotTcp },
        { ProxyBytes.Of(ProxyBytes.Proxy, ProxyBytes.TcpOverIpv4, new byte[11]), ProxyHeaderParser.TooShort },
        { ProxyBytes.Of(ProxyBytes.Proxy, ProxyBytes.TcpOverIpv4), ProxyHeaderParser.TooShort },
        { ProxyBytes.Of(ProxyBytes.Proxy, ProxyBytes.TcpOverIpv6, new byte[35]), ProxyHeaderParser.TooShort },
        { ProxyBytes.OfLength(ProxyBytes.Proxy, ProxyBytes.TcpOverIpv4, ProxyHeaderParser.MaxBytes - 15), ProxyHeaderParser.TooLong },
        { ProxyBytes.OfLength(ProxyBytes.Proxy, ProxyBytes.TcpOverIpv6, 65_535), ProxyHeaderParser.TooLong },
        { ProxyBytes.OfLength(ProxyBytes.Local, 0x00, 65_535), ProxyHeaderParser.TooLong },
        { ProxyBytes.Relay("192.0.2.7:1", additions: [0x04]), ProxyAdditions.Malformed },
        { ProxyBytes.Relay("192.0.2.7:1", additions: [0x04, 0x00]), ProxyAdditions.Malformed },
        { ProxyBytes.Relay("192.0.2.7:1", additions: [0x04, 0x00, 0x01]), ProxyAdditions.Malformed },
        { ProxyBytes.Relay("192.0.2.7:1", additions: [0x04, 0xFF, 0xFF, 0x00]), ProxyAdditions.Malformed },
        { ProxyBytes.Relay("192.0.2.7:1", additions: ProxyBytes.Addition(0x03, 1, 2, 3)), ProxyAdditions.Malformed },
        { ProxyBytes.Relay("192.0.2.7:1", additions: ProxyBytes.Addition(0x03, 1, 2, 3, 4, 5)), ProxyAdditions.Malformed },
        { ProxyBytes.Relay("192.0.2.7:1", additions: ProxyBytes.Addition(0x03, 1, 2, 3, 4)), ProxyAdditions.WrongChecksum },
    };

    [Theory, MemberData(nameof(WrongHeaders))]
    public void What_is_no_header_of_ours_is_refused_with_the_reason_and_taken_from_nobody(byte[] bytes, string why)
    {
        var input = new ReadOnlySequence<byte>(bytes);
        Assert.True(ProxyHeaderParser.TryParse(ref input, out var header));
        Assert.Equal(new ProxyHeader.Refused(why), header);
        Assert.Equal(bytes.Length, input.Length);
        Assert.Equal(header, ParseByOctet(bytes).Header);
    }

    [Theory, MemberData(nameof(OwnHeaders))]
    public void A_header_that_comes_octet_by_octet_is_the_same_and_is_taken_with_its_last(byte command, byte family, int length)
    {
        var bytes = ProxyBytes.Of(command, family, new byte[length]);
        Assert.Equal((Parse(bytes), bytes.Length), ParseByOctet([.. bytes, .. Behind]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("P")]
    [InlineData("PROXY")]
    [InlineData("PROXY ")]
    [InlineData("PROXY TCP4 192.0.2.7 198.51.100.1 40000 25\r")]
    [InlineData("\r\n\r\n\0\r\nQUIT\n")]
    [InlineData("\r\n\r\n\0\r\nQUIT\n!")]
    public void The_beginning_of_a_header_is_waited_on(string text)
    {
        var input = new ReadOnlySequence<byte>(Encoding.Latin1.GetBytes(text));
        Assert.False(ProxyHeaderParser.TryParse(ref input, out _));
        Assert.Equal(text.Length, input.Length);
    }

    [Fact]
    public void A_fault_is_found_before_the_bytes_behind_it_have_come()
    {
        var header = ProxyBytes.OfLength(ProxyBytes.Proxy, ProxyBytes.TcpOverIpv4, 65_535);
        Assert.Equal((new ProxyHeader.Refused(ProxyHeaderParser.TooLong), 16), ParseByOctet([.. header, .. new byte[65_535]]));
        Assert.Equal((new ProxyHeader.Refused(ProxyHeaderParser.NoHeader), 1), ParseByOctet("EHLO"u8.ToArray()));
    }

    [Fact]
    public void The_longest_header_is_taken_and_one_octet_more_is_not()
    {
        const int Room = ProxyHeaderParser.MaxBytes - 16 - 12 - 3;
        var longest = ProxyBytes.Relay("192.0.2.7:40000", additions: ProxyBytes.Addition(0x20, new byte[Room]));
        Assert.Equal(ProxyHeaderParser.MaxBytes, longest.Length);
        Assert.IsType<ProxyHeader.Relayed>(Parse(longest));
        var longer = new ReadOnlySequence<byte>(ProxyBytes.Relay("192.0.2.7:40000", additions: ProxyBytes.Addition(0x20, new byte[Room + 1])));
        Assert.True(ProxyHeaderParser.TryParse(ref longer, out var header));
        Assert.Equal(new ProxyHeader.Refused(ProxyHeaderParser.TooLong), header);
    }

    /// <summary>What HAProxy 2.6 wrote with <c>send-proxy-v2 proxy-v2-options crc32c</c>.</summary>
    [Fact]
    public void A_checksum_that_is_right_is_taken()
    {
        var header = Convert.FromHexString(HaproxyWithChecksum);
        Assert.Equal(new ProxyHeader.Relayed(IPEndPoint.Parse(HaproxyClient), IPEndPoint.Parse(HaproxyServer)), Parse(header));
        for (var at = 16; at < header.Length; at++)
        {
            var changed = new ReadOnlySequence<byte>([.. header[..at], (byte)(header[at] ^ 0x01), .. header[(at + 1)..]]);
            Assert.True(ProxyHeaderParser.TryParse(ref changed, out var refused));
            // A changed type is another addition, which says nothing of the header.
            if (at != 28) Assert.IsType<ProxyHeader.Refused>(refused);
        }
    }

    private const string HaproxyWithChecksum = "0d0a0d0a000d0a515549540a211100137f0000057f00000184558ba1030004e8766c68";
    private const string HaproxyClient = "127.0.0.5:33877";
    private const string HaproxyServer = "127.0.0.1:35745";

    /// <summary>The header of these bytes with a command behind them, which must be left.</summary>
    private static ProxyHeader? Parse(byte[] bytes)
    {
        var input = new ReadOnlySequence<byte>([.. bytes, .. Behind]);
        Assert.True(ProxyHeaderParser.TryParse(ref input, out var header));
        Assert.Equal(Behind, input.ToArray());
        return header;
    }

    /// <returns>What came out, and how many octets had come by then.</returns>
    private static (ProxyHeader? Header, int Octets) ParseByOctet(byte[] bytes)
    {
        for (var arrived = 0; arrived <= bytes.Length; arrived++)
        {
            var input = new ReadOnlySequence<byte>(bytes.AsMemory(0, arrived));
            if (ProxyHeaderParser.TryParse(ref input, out var header)) return (header, arrived);
        }

        return (null, bytes.Length);
    }
}
