using Vsmtp.Smtp.Client;

namespace Vsmtp.Smtp.Tests.Client;

public sealed class SmtpDestinationTests
{
    [Theory]
    [InlineData("MX.Example.org", "mx.example.org:25")]
    [InlineData("mx.example.org:2525", "mx.example.org:2525")]
    [InlineData("localhost:10026", "localhost:10026")]
    [InlineData("192.0.2.1", "192.0.2.1:25")]
    [InlineData("192.0.2.1:26", "192.0.2.1:26")]
    [InlineData("2001:db8::1", "[2001:db8::1]:25")]
    [InlineData("[2001:db8::1]", "[2001:db8::1]:25")]
    [InlineData("[2001:db8::1]:26", "[2001:db8::1]:26")]
    [InlineData("[fe80::1%1]:26", "[fe80::1%1]:26")]
    [InlineData("fe80::1%1", "[fe80::1%1]:25")]
    public void A_host_an_address_and_a_port_are_read(string text, string expected)
    {
        Assert.True(SmtpDestination.TryParse(text, out var destination));
        Assert.Equal(expected, destination.ToString());
        Assert.True(SmtpDestination.TryParse(destination.ToString(), out var again));
        Assert.Equal(destination, again);
    }

    [Theory]
    [InlineData("")]
    [InlineData("host:")]
    [InlineData("host:0")]
    [InlineData("host:65536")]
    [InlineData("host:+25")]
    [InlineData(":25")]
    [InlineData("127.1")]
    [InlineData("256.0.0.1")]
    [InlineData("[192.0.2.1]:25")]
    [InlineData("[::1")]
    [InlineData("::1]")]
    [InlineData("[[::1]]")]
    [InlineData("two words")]
    [InlineData("a..b")]
    [InlineData("host/path")]
    [InlineData("host\r\n:25")]
    public void What_is_no_destination_is_refused(string text) => Assert.False(SmtpDestination.TryParse(text, out _));
}
