using Vsmtp.Dns.Messages;
using Vsmtp.Dns.Names;

namespace Vsmtp.Dns.Tests.Messages;

/// <summary>Questions as octets (RFC 1035 §4.1), with EDNS (RFC 6891).</summary>
public sealed class DnsQueryWriterTests
{
    private static readonly DnsQuestion Question = new(DnsName.Parse("example.org"), DnsType.Mx);

    [Fact]
    public void A_plain_question_desires_recursion() => Assert.Equal(
        "BEEF01000001000000000000" + "076578616D706C65036F726700" + "000F0001",
        Convert.ToHexString(DnsQueryWriter.Write(0xBEEF, Question, edns: false, dnssec: false)));

    [Fact]
    public void Edns_says_1232_octets() => Assert.Equal(
        "BEEF01000001000000000001" + "076578616D706C65036F726700" + "000F0001" + "00002904D0000000000000",
        Convert.ToHexString(DnsQueryWriter.Write(0xBEEF, Question, edns: true, dnssec: false)));

    [Fact]
    public void Dnssec_sets_the_bits_ad_and_do() => Assert.Equal(
        "BEEF01200001000000000001" + "076578616D706C65036F726700" + "000F0001" + "00002904D0000080000000",
        Convert.ToHexString(DnsQueryWriter.Write(0xBEEF, Question, edns: true, dnssec: true)));
}
