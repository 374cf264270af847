using System.Net;

namespace Vsmtp.Configuration.Tests;

public sealed class InterfaceTests
{
    [Theory]
    [InlineData("0.0.0.0:25", "0.0.0.0", 25, 0)]
    [InlineData("127.0.0.1:0", "127.0.0.1", 0, 0)]
    [InlineData("[::1]:25", "::1", 25, 0)]
    [InlineData("[fe80::1%1]:25", "fe80::1%1", 25, 1)]
    [InlineData("[fe80::1%lo]:25", "fe80::1%1", 25, 1)]
    public void An_address_may_be_ipv4_ipv6_or_have_a_scope(string text, string ip, int port, long scope)
    {
        var address = Assert.Single(Reading.Server($"server.interfaces.addr = [\"{text}\"]").Interfaces.Addr);
        Assert.Equal(new IPEndPoint(IPAddress.Parse(ip), port), address);
        Assert.Equal(scope, address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? address.Address.ScopeId : 0);
    }

    [Theory]
    [InlineData("[fe80::1%no-such-if]:25")]
    [InlineData("::1:25")]
    [InlineData("127.0.0.1")]
    [InlineData("127.1:25")]
    [InlineData("0127.0.0.1:25")]
    [InlineData("1:25")]
    [InlineData("[127.0.0.1]:25")]
    [InlineData("localhost:25")]
    [InlineData("127.0.0.1:65536")]
    [InlineData("127.0.0.1:-1")]
    [InlineData("127.0.0.1: 25")]
    [InlineData(":25")]
    [InlineData("[[::1]:5]:25")]
    [InlineData("[::1/64]:25")]
    [InlineData("")]
    public void What_is_no_address_is_an_error_at_the_item(string text)
    {
        var error = Reading.Error($"server.interfaces.addr = [\"127.0.0.1:1\", \"{text}\"]");
        Assert.StartsWith("server.interfaces.addr must be an address \"ip:port\"", error.Message, StringComparison.Ordinal);
        Assert.Equal((1, 42), (error.Line, error.Column));
    }

    [Fact]
    public void All_wrong_items_of_a_list_are_told()
    {
        Assert.Equal(3, Reading.Errors("""
            [server.interfaces]
            addr = ["x", 5, "127.0.0.1:25"]
            addr_submission = ["y"]
            """).Count);
    }

    [Fact]
    public void An_address_stands_once_in_all_lists_but_port_zero_may_repeat()
    {
        Assert.Equal(
            ["1:82: server.interfaces.addr_submission has 127.0.0.1:25, which is already in server.interfaces.addr"],
            Reading.Errors("server.interfaces = { addr = [\"127.0.0.1:25\", \"127.0.0.1:26\"], addr_submission = [\"127.0.0.1:25\"] }"));
        Assert.Equal(2, Reading.Server("server.interfaces.addr = [\"127.0.0.1:0\", \"127.0.0.1:0\"]").Interfaces.Addr.Length);
    }

    [Fact]
    public void Submissions_without_tls_is_a_warning()
    {
        const string toml = "server.interfaces.addr_submissions = [\"127.0.0.1:465\"]";
        Assert.Contains("server.interfaces.addr_submissions needs [server.tls]: without it no connection succeeds", Reading.Warnings(toml));
        Assert.Empty(Reading.Good(toml).NotYetInEffect);
    }
}
