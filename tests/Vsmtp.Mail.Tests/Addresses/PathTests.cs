using System.Net;
using Vsmtp.Mail.Addresses;

namespace Vsmtp.Mail.Tests.Addresses;

public sealed class PathTests
{
    [Theory]
    [InlineData("<john@example.com>", "<john@example.com>")]
    [InlineData("<>", "<>")]
    [InlineData("<@relay.example,@other.example:john@example.com>", "<john@example.com>")]
    public void A_reverse_path_is_read(string text, string canonical)
    {
        Assert.True(ReversePath.TryParse(text, out var path));
        Assert.Equal(canonical, path.ToString());
        Assert.Equal(text == "<>", path.IsNull);
    }

    [Theory]
    [InlineData("")]
    [InlineData("john@example.com")]
    [InlineData("<john@example.com")]
    [InlineData("john@example.com>")]
    [InlineData("<<john@example.com>>")]
    [InlineData("< >")]
    [InlineData("<john>")]
    [InlineData("<@relay.example>")]
    [InlineData("<@relay.example:>")]
    [InlineData("<relay.example:john@example.com>")]
    [InlineData("<@-bad-:john@example.com>")]
    public void What_is_no_reverse_path_is_refused(string text) => Assert.False(ReversePath.TryParse(text, out _));

    [Theory]
    [InlineData("<Postmaster>")]
    [InlineData("<postmaster>")]
    [InlineData("<@relay.example:POSTMASTER>")]
    public void Postmaster_needs_no_domain(string text)
    {
        Assert.True(ForwardPath.TryParse(text, out var path));
        Assert.True(path.IsPostmaster);
        Assert.Equal("<Postmaster>", path.ToString());
        Assert.Equal("postmaster@example.com", path.In("example.com").ToString());
    }

    [Theory]
    [InlineData("<>")]
    [InlineData("<root>")]
    public void A_forward_path_leads_somewhere(string text) => Assert.False(ForwardPath.TryParse(text, out _));

    [Fact]
    public void A_path_is_at_most_256_octets()
    {
        var domain = string.Join('.', Enumerable.Repeat(new string('b', 47), 4)) + ".c";
        var local = new string('a', 256 - 3 - domain.Length);
        Assert.True(ForwardPath.TryParse($"<{local}@{domain}>", out _));
        Assert.False(ForwardPath.TryParse($"<{local}a@{domain}>", out _));
    }

    [Fact]
    public void A_literal_of_a_mapped_address_is_ipv4()
    {
        Assert.Equal("[192.0.2.1]", AddressLiteral.Format(IPAddress.Parse("::ffff:192.0.2.1")));
        Assert.Equal("[IPv6:fe80::1]", AddressLiteral.Format(IPAddress.Parse("fe80::1%1")));
    }
}
