using System.Text;
using Vsmtp.Dns.Messages;
using Vsmtp.Dns.Names;
using Vsmtp.Dns.Tests.Support;

namespace Vsmtp.Dns.Tests.Messages;

/// <summary>Answers as octets (RFC 1035 §4.1), well and badly made.</summary>
public sealed class DnsMessageParserTests
{
    private const string Head = "1234 8180 0001 0001 0000 0000  07 6578616D706C65 03 6F7267 00 00FF 0001  ";

    [Fact]
    public void An_answer_with_compression_is_read_whole()
    {
        // As a recursive server writes it: two MX, the servers of the zone, addresses, and OPT.
        var message = Parse(
            "1234 81A0 0001 0002 0001 0003",
            "07 6578616D706C65 03 6F7267 00 000F 0001",
            "C00C 000F 0001 00000E10 0009 000A 04 6D61696C C00C",
            "C00C 000F 0001 00000E10 000A 0014 05 6D61696C32 C00C",
            "C00C 0002 0001 00000E10 0005 02 6E73 C00C",
            "C02B 0001 0001 0000012C 0004 C0000201",
            "C02B 001C 0001 0000012C 0010 20010DB8000000000000000000000001",
            "00 0029 04D0 00 00 8000 0000");
        Assert.Equal(new DnsQuestion(DnsName.Parse("example.org"), DnsType.Mx), message.Question);
        Assert.Equal(["10 mail.example.org", "20 mail2.example.org"],
            message.Answers.Cast<DnsRecord.Mx>().Select(mx => $"{mx.Preference} {mx.Exchange}"));
        Assert.All(message.Answers, record => Assert.Equal(TimeSpan.FromHours(1), record.Ttl));
        Assert.Equal("ns.example.org", Assert.IsType<DnsRecord.Ns>(Assert.Single(message.Authorities)).Server.ToString());
        Assert.Equal("192.0.2.1", Assert.IsType<DnsRecord.A>(message.Additionals[0]).Address.ToString());
        Assert.Equal("2001:db8::1", Assert.IsType<DnsRecord.Aaaa>(message.Additionals[1]).Address.ToString());
        Assert.Equal("mail.example.org", message.Additionals[0].Owner.ToString());
        Assert.Equal(2, message.Additionals.Length);
        Assert.True(message.HasEdns);
        Assert.Equal(DnsResponseCode.NoError, message.ResponseCode);
    }

    [Fact]
    public void No_such_name_comes_with_the_head_of_the_zone()
    {
        var message = Parse(
            "1234 8183 0001 0000 0001 0000",
            "04 6E6F6E65 07 6578616D706C65 03 6F7267 00 0001 0001",
            "C011 0006 0001 00000E10 0026 02 6E73 C011 0A 686F73746D6173746572 C011 78A4F1E1 00001C20 00000E10 00127500 00000E10");
        Assert.Equal(DnsResponseCode.NameError, message.ResponseCode);
        var soa = Assert.IsType<DnsRecord.Soa>(Assert.Single(message.Authorities));
        Assert.Equal(("example.org", "ns.example.org", "hostmaster.example.org"), (soa.Owner.ToString(), soa.PrimaryServer.ToString(), soa.Mailbox.ToString()));
        Assert.Equal((0x78A4F1E1u, TimeSpan.FromHours(1)), (soa.Serial, soa.NegativeTtl));
    }

    [Fact]
    public void Texts_keep_their_strings()
    {
        var txt = Assert.IsType<DnsRecord.Txt>(Record("0010", "06 763D737066 31 00 02 2D61".Replace(" ", "")));
        Assert.Equal(["v=spf1", "", "-a"], txt.Strings.Select(part => Encoding.ASCII.GetString(part.Span)));
    }

    [Fact]
    public void Certificates_keep_their_four_fields()
    {
        var tlsa = Assert.IsType<DnsRecord.Tlsa>(Record("0034", "030101ABCDEF"));
        Assert.Equal((3, 1, 1, "ABCDEF"), (tlsa.Usage, tlsa.Selector, tlsa.MatchingType, Convert.ToHexString(tlsa.Association.Span)));
    }

    [Fact]
    public void Names_of_addresses_and_aliases_are_read()
    {
        Assert.Equal("a.example.org", Assert.IsType<DnsRecord.Ptr>(Record("000C", "0161C00C")).Target.ToString());
        Assert.Equal("example.org", Assert.IsType<DnsRecord.Cname>(Record("0005", "C00C")).Target.ToString());
    }

    [Fact]
    public void Unknown_types_are_kept_as_octets() =>
        Assert.Equal("0102", Convert.ToHexString(Assert.IsType<DnsRecord.Other>(Record("FF00", "0102")).Data.Span));

    [Theory]
    [InlineData("0001", "C00002", "A too short")]
    [InlineData("0001", "C000020101", "A too long")]
    [InlineData("001C", "C0000201", "AAAA too short")]
    [InlineData("000F", "000A", "MX without a host")]
    [InlineData("000F", "000AC00C00", "MX with something behind")]
    [InlineData("0005", "0361", "a label that ends too early")]
    [InlineData("0005", "0161", "a name that ends too early")]
    [InlineData("0005", "C0", "half a pointer")]
    [InlineData("0005", "C029", "a pointer to itself")]
    [InlineData("0005", "0161C029", "a pointer to the name's own begin")]
    [InlineData("0005", "C0FF", "a pointer forwards")]
    [InlineData("0005", "4161", "a label of the kind 01")]
    [InlineData("0005", "8161", "a label of the kind 10")]
    [InlineData("0006", "C00CC00C00000001", "SOA without its times")]
    [InlineData("0010", "0561", "a string that ends too early")]
    [InlineData("0034", "0301", "TLSA without a matching type")]
    [InlineData("0029", "", "OPT among the answers")]
    public void Data_of_another_length_than_it_has_is_malformed(string type, string data, string what) =>
        Assert.False(DnsMessageParser.TryParse(WithRecord(type, data), out _), what);

    [Fact]
    public void A_pointer_leads_into_what_was_before_it_and_no_further()
    {
        // At 0x28 stands the length of the data, 2: read as a label it would reach over the pointer itself.
        Assert.False(DnsMessageParser.TryParse(WithRecord("0005", "C028"), out _));
        Assert.True(DnsMessageParser.TryParse(WithRecord("0005", "03616263C00C"), out _));
    }

    [Fact]
    public void Every_end_before_the_end_is_malformed()
    {
        var whole = WithRecord("000F", "000A046D61696CC00C");
        Assert.True(DnsMessageParser.TryParse(whole, out _));
        for (var length = 0; length < whole.Length; length++) Assert.False(DnsMessageParser.TryParse(whole.AsSpan(0, length), out _));
    }

    [Fact]
    public void A_header_that_claims_records_that_are_not_there_is_malformed() =>
        Assert.False(DnsMessageParser.TryParse(Hex("1234 8180 0000 FFFF FFFF FFFF"), out _));

    [Fact]
    public void Two_opt_records_or_one_with_a_name_are_malformed()
    {
        const string Opt = "00 0029 04D0 00000000 0000";
        Assert.True(DnsMessageParser.TryParse(Hex("1234 8180 0000 0000 0000 0001" + Opt), out _));
        Assert.False(DnsMessageParser.TryParse(Hex("1234 8180 0000 0000 0000 0002" + Opt + Opt), out _));
        Assert.False(DnsMessageParser.TryParse(Hex("1234 8180 0000 0000 0000 0001 0161" + Opt), out _));
    }

    [Fact]
    public void Edns_adds_to_the_response_code() =>
        Assert.Equal(DnsResponseCode.BadVersion, Parse("1234 8180 0000 0000 0000 0001", "00 0029 04D0 01 00 0000 0000").ResponseCode);

    [Fact]
    public void A_ttl_with_the_highest_bit_is_zero() =>
        Assert.Equal(TimeSpan.Zero, Parse(Head, "C00C 0001 0001 80000001 0004 C0000201").Answers[0].Ttl);

    [Fact]
    public void Records_of_other_classes_are_left_out() =>
        Assert.Empty(Parse(Head, "C00C 0001 0003 00000001 0004 C0000201").Answers);

    [Fact]
    public void Names_of_255_octets_are_read_and_longer_ones_are_malformed()
    {
        var label = "3F" + string.Concat(Enumerable.Repeat("61", 63));
        var three = label + label + label;
        Assert.True(DnsMessageParser.TryParse(WithRecord("0005", three + "3D" + string.Concat(Enumerable.Repeat("61", 61)) + "00"), out var message));
        Assert.Equal(255, ((DnsRecord.Cname)message.Answers[0]).Target.Wire.Length);
        Assert.False(DnsMessageParser.TryParse(WithRecord("0005", three + "3E" + string.Concat(Enumerable.Repeat("61", 62)) + "00"), out _));
    }

    [Fact]
    public void A_truncated_answer_has_a_head_whatever_is_behind()
    {
        Assert.True(DnsMessageParser.TryParseHead(Hex(Head + "C00C 00"), out var header, out var question));
        Assert.Equal("example.org", question!.Value.Name.ToString());
        Assert.Equal(0x1234, header.Id);
    }

    [Fact]
    public void What_the_response_writer_of_these_tests_writes_is_read()
    {
        var bytes = new Response(7, new DnsQuestion(DnsName.Parse("a.example"), DnsType.Txt))
            .Answer("a.example", DnsType.Txt, Response.Txt("x")).Soa("example").ToBytes();
        Assert.True(DnsMessageParser.TryParse(bytes, out var message));
        Assert.Equal((1, 1), (message.Answers.Length, message.Authorities.Length));
    }

    private static DnsRecord Record(string type, string data)
    {
        Assert.True(DnsMessageParser.TryParse(WithRecord(type, data), out var message));
        return Assert.Single(message.Answers);
    }

    /// <summary>A message of which the data of the only record begins at octet 0x29 (41).</summary>
    private static byte[] WithRecord(string type, string data) =>
        Hex(Head + "C00C" + type + "0001" + "0000003C" + (data.Length / 2).ToString("X4") + data);

    private static DnsMessage Parse(params string[] hex)
    {
        Assert.True(DnsMessageParser.TryParse(Hex(string.Concat(hex)), out var message));
        return message;
    }

    private static byte[] Hex(string text) => Convert.FromHexString(text.Replace(" ", ""));
}
