using Vsmtp.Mail.Addresses;

namespace Vsmtp.Mail.Tests.Addresses;

public sealed class MailAddressTests
{
    [Theory]
    [InlineData("john@example.com", "john", "example.com")]
    [InlineData("john@EXAMPLE.Com", "john", "example.com")]
    [InlineData("john@localhost", "john", "localhost")]
    [InlineData("john.doe+tag@example.com", "john.doe+tag", "example.com")]
    [InlineData("\"two..dots\"@example.com", "two..dots", "example.com")]
    [InlineData("\"a@b\"@example.com", "a@b", "example.com")]
    [InlineData("\"a \\\"b\\\\\"@example.com", "a \"b\\", "example.com")]
    [InlineData("\"plain\"@example.com", "plain", "example.com")]
    [InlineData("john@[192.0.2.1]", "john", "[192.0.2.1]")]
    [InlineData("john@[ipv6:2001:0DB8::0001]", "john", "[IPv6:2001:db8::1]")]
    [InlineData("用户@例子.公司", "用户", "例子.公司")]
    [InlineData("o'hara!#$%&*/=?^_`{|}~-@example.com", "o'hara!#$%&*/=?^_`{|}~-", "example.com")]
    [InlineData("bounce@under_score.example.com", "bounce", "under_score.example.com")]
    public void An_address_is_read(string text, string localPart, string domain)
    {
        Assert.True(MailAddress.TryParse(text, out var address));
        Assert.Equal(localPart, address.LocalPart);
        Assert.Equal(domain, address.Domain);
        Assert.Equal(address, MailAddress.Parse(address.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("john")]
    [InlineData("@example.com")]
    [InlineData("john@")]
    [InlineData("john@-example.com")]
    [InlineData("john@example-.com")]
    [InlineData("john@example..com")]
    [InlineData("john@example.com.")]
    [InlineData("john@192.0.2.1")]
    [InlineData("john@[192.0.2]")]
    [InlineData("john@[192.0.2.256]")]
    [InlineData("john@[::1]")]
    [InlineData("john@[IPv6:::1%eth0]")]
    [InlineData("john@[tag:content]")]
    [InlineData("john..doe@example.com")]
    [InlineData(".john@example.com")]
    [InlineData("john.@example.com")]
    [InlineData("john doe@example.com")]
    [InlineData("john@exam ple.com")]
    [InlineData("\"john@example.com")]
    [InlineData("\"jo\"hn\"@example.com")]
    [InlineData("\"john\\\"@example.com")]
    [InlineData("\"jo\r\nhn\"@example.com")]
    [InlineData("\"jo\0hn\"@example.com")]
    [InlineData("jo\u0001hn@example.com")]
    [InlineData("john@example。com")]
    [InlineData("john@exam\u00a0ple.com")]
    [InlineData("jo\ud800hn@example.com")]
    public void What_is_no_address_is_refused(string text) => Assert.False(MailAddress.TryParse(text, out _));

    [Fact]
    public void Lengths_are_limited_in_octets()
    {
        Assert.True(MailAddress.TryParse(new string('a', 64) + "@example.com", out _));
        Assert.False(MailAddress.TryParse(new string('a', 65) + "@example.com", out _));
        Assert.False(MailAddress.TryParse(new string('é', 33) + "@example.com", out _));
        Assert.True(MailAddress.TryParse("a@" + Labels(255), out _));
        Assert.False(MailAddress.TryParse("a@" + Labels(256), out _));
        Assert.False(MailAddress.TryParse("a@" + new string('b', 64) + ".com", out _));
    }

    [Fact]
    public void Domains_are_equal_without_regard_to_case_and_local_parts_are_not()
    {
        Assert.Equal(MailAddress.Parse("john@Example.COM"), MailAddress.Parse("john@example.com"));
        Assert.NotEqual(MailAddress.Parse("John@example.com"), MailAddress.Parse("john@example.com"));
        Assert.Equal(MailAddress.Parse("\"john\"@example.com"), MailAddress.Parse("john@example.com"));
    }

    [Fact]
    public void Only_what_needs_quotes_is_written_with_them()
    {
        Assert.Equal("plain@example.com", MailAddress.Parse("\"plain\"@example.com").ToString());
        Assert.Equal("\"a b\"@example.com", MailAddress.Parse("\"a\\ b\"@example.com").ToString());
        Assert.Equal("\"\"@example.com", MailAddress.Parse("\"\"@example.com").ToString());
    }

    [Fact]
    public void Only_addresses_beyond_ascii_need_smtputf8()
    {
        Assert.False(MailAddress.Parse("john@example.com").RequiresSmtpUtf8);
        Assert.True(MailAddress.Parse("jöhn@example.com").RequiresSmtpUtf8);
        Assert.True(MailAddress.Parse("john@exämple.com").RequiresSmtpUtf8);
    }

    [Fact]
    public void The_domain_can_be_changed_and_the_local_part_stays()
    {
        var address = MailAddress.Parse("\"a b\"@example.com").WithDomain("Other.example");
        Assert.Equal("\"a b\"@other.example", address.ToString());
        Assert.Throws<FormatException>(() => address.WithDomain("no domain"));
    }

    /// <summary>A domain of exactly so many octets, between 254 and 256, in labels of at most 63.</summary>
    private static string Labels(int octets) =>
        string.Join('.', [.. Enumerable.Repeat(new string('b', 60), 3), new string('c', 63), new string('d', octets - 3 * 61 - 64)]);
}
