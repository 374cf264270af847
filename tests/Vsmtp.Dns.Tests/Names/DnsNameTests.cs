using System.Net;
using Vsmtp.Dns.Names;

namespace Vsmtp.Dns.Tests.Names;

/// <summary>Names as text and as octets (RFC 1035 §3.1), those of addresses included (RFC 3596 §2.5).</summary>
public sealed class DnsNameTests
{
    private static readonly string Label63 = new('a', 63);

    [Fact]
    public void A_name_is_labels_behind_their_lengths() =>
        Assert.Equal("\u0004mail\u0007example\0"u8.ToArray(), DnsName.Parse("mail.example").Wire.ToArray());

    [Theory]
    [InlineData("mail.example")]
    [InlineData("_25._tcp.mail.example")]
    [InlineData("a+b=c.spf.example")]
    [InlineData("john\\.doe.example")]
    [InlineData("back\\\\slash.example")]
    [InlineData("a\\032b\\255.example")]
    [InlineData("*.example")]
    [InlineData(".")]
    public void Text_comes_back_as_it_was(string text) => Assert.Equal(text, DnsName.Parse(text).ToString());

    [Fact]
    public void The_last_dot_makes_no_difference() => Assert.Equal(DnsName.Parse("mail.example"), DnsName.Parse("mail.example."));

    [Fact]
    public void The_case_of_ascii_letters_makes_no_difference_and_is_kept()
    {
        Assert.Equal(DnsName.Parse("MAIL.example"), DnsName.Parse("mail.EXAMPLE"));
        Assert.Equal(DnsName.Parse("MAIL.example").GetHashCode(), DnsName.Parse("mail.EXAMPLE").GetHashCode());
        Assert.Equal("MAIL.example", DnsName.Parse("MAIL.example").ToString());
    }

    [Fact]
    public void Only_letters_have_a_case() => Assert.NotEqual(DnsName.Parse("a@.example"), DnsName.Parse("a`.example"));

    [Fact]
    public void Labels_and_dots_within_them_are_told_apart() => Assert.NotEqual(DnsName.Parse("a\\.b.example"), DnsName.Parse("a.b.example"));

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData(".example")]
    [InlineData("a..example")]
    [InlineData("example..")]
    [InlineData("mail example")]
    [InlineData("mail\t.example")]
    [InlineData("mail\0.example")]
    [InlineData("a\\")]
    [InlineData("a\\12")]
    [InlineData("a\\256.example")]
    [InlineData("\ud800.example")]
    [InlineData("a\u3002example")]
    [InlineData("☃.example")]
    [InlineData("bu\u0308cher.example")]
    public void What_dns_cannot_carry_is_no_name(string text) => Assert.False(DnsName.TryParse(text, out _));

    [Fact]
    public void A_label_has_at_most_63_octets()
    {
        Assert.True(DnsName.TryParse($"{Label63}.example", out _));
        Assert.False(DnsName.TryParse($"{Label63}a.example", out _));
        Assert.False(DnsName.TryParse($"{new string('ü', 60)}.example", out _));
    }

    [Fact]
    public void A_name_has_at_most_255_octets()
    {
        var longest = $"{Label63}.{Label63}.{Label63}.{new string('b', 61)}";
        Assert.Equal(255, DnsName.Parse(longest).Wire.Length);
        Assert.Equal(255, DnsName.Parse(longest + ".").Wire.Length);
        Assert.False(DnsName.TryParse(longest + "b", out _));
        Assert.False(DnsName.TryParse(longest + ".b", out _));
        Assert.False(DnsName.TryParse(new string('x', 100_000), out _));
    }

    [Theory]
    [InlineData("bücher.example", "xn--bcher-kva.example")]
    [InlineData("BÜCHER.Example", "xn--bcher-kva.Example")]
    [InlineData("faß.example", "xn--fa-hia.example")]
    [InlineData("例え.テスト", "xn--r8jz45g.xn--zckzah")]
    [InlineData("ПОЧТА.РФ", "xn--80a1acny.xn--p1ai")]
    [InlineData("ｍａｉｌ.example", "mail.example")]
    public void Internationalised_labels_become_a_labels(string text, string ascii) => Assert.Equal(ascii, DnsName.Parse(text).ToString());

    [Fact]
    public void A_name_is_within_itself_its_parents_and_the_root()
    {
        var name = DnsName.Parse("a.Mail.example");
        Assert.All(["a.mail.example", "mail.EXAMPLE", "example", "."], parent => Assert.True(name.IsWithin(DnsName.Parse(parent))));
        Assert.All(["il.example", "b.mail.example", "x.a.mail.example", "test"], other => Assert.False(name.IsWithin(DnsName.Parse(other))));
    }

    [Fact]
    public void Labels_are_put_before_a_name_while_there_is_room()
    {
        Assert.True(DnsName.Parse("mail.example").TryPrepend(DnsName.Parse("_25._tcp"), out var name));
        Assert.Equal("_25._tcp.mail.example", name.ToString());
        Assert.False(DnsName.Parse($"{Label63}.{Label63}.{Label63}.{new string('b', 60)}").TryPrepend(DnsName.Parse("_25._tcp"), out _));
    }

    [Theory]
    [InlineData("192.0.2.1", "1.2.0.192.in-addr.arpa")]
    [InlineData("::ffff:192.0.2.1", "1.2.0.192.in-addr.arpa")]
    [InlineData("2001:db8::567:89ab", "b.a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa")]
    [InlineData("fe80::1%1", "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.e.f.ip6.arpa")]
    public void Addresses_have_reverse_names(string address, string name) =>
        Assert.Equal(name, ReverseName.Of(IPAddress.Parse(address)).ToString());
}
