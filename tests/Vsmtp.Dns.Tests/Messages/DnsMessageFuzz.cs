using Vsmtp.Dns.Messages;
using Vsmtp.Dns.Names;
using Vsmtp.Dns.Tests.Support;

namespace Vsmtp.Dns.Tests.Messages;

/// <summary>Whatever the octets are, the parser answers, and what it makes is no larger than they allow.</summary>
public sealed class DnsMessageFuzz
{
    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void Random_octets_are_answered(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = new byte[random.Next(0, 600)];
            random.NextBytes(bytes);

            // Few records, or hardly any message would get beyond its first.
            if (bytes.Length >= 12) (bytes[4], bytes[6], bytes[8], bytes[10]) = (0, 0, 0, 0);
            Check(bytes);
        }
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void Valid_messages_with_some_octets_changed_are_answered(int seed)
    {
        var random = new Random(seed);
        var parsed = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = Valid(random);
            for (var changes = random.Next(1, 6); changes > 0; changes--) bytes = Change(bytes, random);
            parsed += Check(bytes) ? 1 : 0;
        }

        // Both ways out have been gone, or the changes were too many or too few to find something.
        Assert.InRange(parsed, 500, 19_500);
    }

    [Fact]
    public void Pointers_to_pointers_end_and_take_no_more_than_the_message()
    {
        // 5,000 records, the names of all of them at the end of a long chain of pointers.
        var bytes = new List<byte>([0x12, 0x34, 0x81, 0x80, 0, 0, 0x13, 0x88, 0, 0, 0, 0]);
        bytes.AddRange([0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, 192, 0, 2, 1]);
        for (var i = 1; i < 5000; i++)
        {
            var target = i == 1 ? 12 : bytes.Count - 16;
            bytes.AddRange([(byte)(0xC0 | (target >> 8)), (byte)target, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, 192, 0, 2, 1]);
            if (target > 0x3FF0) break;
        }

        Check([.. bytes]);
    }

    [Fact]
    public void The_largest_message_of_the_longest_names_takes_bounded_memory()
    {
        var bytes = new List<byte>([0x12, 0x34, 0x81, 0x80, 0, 0, 0xFF, 0xFF, 0, 0, 0, 0]);
        bytes.AddRange(DnsName.Parse(string.Join('.', Enumerable.Repeat(new string('a', 63), 3))).Wire);
        bytes.AddRange([0, 2, 0, 1, 0, 0, 0, 0, 0, 2, 0xC0, 12]);
        var count = 1;
        for (; bytes.Count < 65_500; count++) bytes.AddRange([0xC0, 12, 0, 2, 0, 1, 0, 0, 0, 0, 0, 2, 0xC0, 12]);
        (bytes[6], bytes[7]) = ((byte)(count >> 8), (byte)count);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.True(Check([.. bytes]));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 * 1024 * 1024);
    }

    [Theory, InlineData(1)]
    public void What_is_read_as_a_name_can_be_written_and_read_again(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = new byte[random.Next(1, 80)];
            random.NextBytes(bytes);
            for (var at = 0; at < bytes.Length; at += bytes[at] + 1) bytes[at] &= 15;
            var reader = new DnsReader(bytes);
            if (!reader.TryReadName(out var name)) continue;
            Assert.True(DnsName.TryParse(name.ToString(), out var again), name.ToString());
            Assert.Equal(name.Wire.ToArray(), again.Wire.ToArray());
        }
    }

    private static bool Check(byte[] bytes)
    {
        var hasHead = DnsMessageParser.TryParseHead(bytes, out _, out _);
        if (!DnsMessageParser.TryParse(bytes, out var message)) return false;
        Assert.True(hasHead);
        var records = message.Answers.Length + message.Authorities.Length + message.Additionals.Length;
        Assert.InRange(records, 0, bytes.Length / 11);
        return true;
    }

    private static byte[] Valid(Random random)
    {
        var response = new Response(random.Next(65536), new DnsQuestion(DnsName.Parse("example.org"), DnsType.Mx));
        for (var i = random.Next(1, 5); i > 0; i--)
        {
            response = random.Next(6) switch
            {
                0 => response.Answer("example.org", DnsType.Mx, Response.Mx(10, "mail.example.org")),
                1 => response.Answer("example.org", DnsType.Txt, Response.Txt("v=spf1 -all", "more")),
                2 => response.Additional("mail.example.org", DnsType.Aaaa, Response.Address("2001:db8::1")),
                3 => response.Soa("example.org"),
                4 => response.Answer("example.org", DnsType.Cname, [0xC0, 12]),
                _ => response.Answer("_25._tcp.example.org", DnsType.Tlsa, [3, 1, 1, 1, 2, 3]),
            };
        }

        return response.ToBytes();
    }

    private static byte[] Change(byte[] bytes, Random random)
    {
        var at = random.Next(bytes.Length);
        switch (random.Next(5))
        {
            case 0: return bytes[..at].Length == 0 ? bytes : bytes[..at];
            case 1: bytes[at] = 0xC0; return bytes;
            case 2: return [.. bytes[..at], (byte)random.Next(256), .. bytes[at..]];
            case 3: bytes[at] ^= (byte)(1 << random.Next(8)); return bytes;
            default: bytes[at] = (byte)random.Next(256); return bytes;
        }
    }
}
