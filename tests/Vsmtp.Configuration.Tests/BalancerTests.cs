using System.Net;

namespace Vsmtp.Configuration.Tests;

public sealed class BalancerTests
{
    private const string Listener = "server.interfaces.addr = [\"127.0.0.1:25\"]\n";

    [Theory]
    [InlineData("192.0.2.7", "192.0.2.7/32")]
    [InlineData("192.0.2.0/24", "192.0.2.0/24")]
    [InlineData("2001:db8::7", "2001:db8::7/128")]
    [InlineData("2001:db8::/32", "2001:db8::/32")]
    [InlineData("::ffff:192.0.2.7", "192.0.2.7/32")]
    [InlineData("::ffff:192.0.2.0/120", "192.0.2.0/24")]
    [InlineData("0.0.0.0/0", "0.0.0.0/0")]
    public void A_balancer_is_an_address_or_a_range_and_an_IPv4_one_in_whatever_way_it_is_written(string text, string range)
    {
        var balancers = Reading.Server($"{Listener}server.interfaces.balancers = [\"{text}\"]").Interfaces.Balancers;
        Assert.Equal(IPNetwork.Parse(range), Assert.Single(balancers));
    }

    [Theory]
    [InlineData("192.0.2.7/24")]
    [InlineData("2001:db8::7/32")]
    [InlineData("::ffff:192.0.2.0/90")]
    [InlineData("192.0.2.0/33")]
    [InlineData("2001:db8::/129")]
    [InlineData("192.0.2.0/")]
    [InlineData("192.0.2.0/-1")]
    [InlineData("192.0.2.0/ 24")]
    [InlineData("192.0.2.0/24/24")]
    [InlineData("192.0.2.0/255.255.255.0")]
    [InlineData("192.0.2")]
    [InlineData("0192.0.2.7")]
    [InlineData("192.0.2.7:25")]
    [InlineData("[2001:db8::7]")]
    [InlineData("fe80::1%1")]
    [InlineData("balancer.example.com")]
    [InlineData("/24")]
    [InlineData("")]
    public void What_is_none_is_an_error_at_the_item(string text)
    {
        var error = Reading.Error($"server.interfaces.balancers = [\"127.0.0.1\", \"{text}\"]");
        Assert.Equal(
            $"server.interfaces.balancers must be an address, or a range such as \"10.0.0.0/8\" or \"2001:db8::/32\" with no bit set "
            + $"behind its prefix, not \"{text}\"", error.Message);
        Assert.Equal((1, 45), (error.Line, error.Column));
    }

    [Fact]
    public void What_is_no_list_of_texts_is_an_error()
    {
        Assert.StartsWith("server.interfaces.balancers must be an array of strings", Reading.Error("server.interfaces.balancers = \"::1\"").Message, StringComparison.Ordinal);
        Assert.StartsWith("server.interfaces.balancers must be an array of strings", Reading.Error("server.interfaces.balancers = [1]").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void There_are_none_unless_they_are_given()
    {
        Assert.Empty(Reading.Server("").Interfaces.Balancers);
        Assert.Empty(Reading.Server(Listener).Interfaces.Balancers);
        Assert.Empty(Reading.Server("server.interfaces.balancers = []").Interfaces.Balancers);
    }

    [Fact]
    public void Balancers_alone_leave_no_listener_which_is_a_warning()
    {
        const string toml = "server.interfaces.balancers = [\"192.0.2.7\"]";
        Assert.Empty(Reading.Server(toml).Interfaces.Addr);
        Assert.Contains(
            "server.interfaces.balancers is of no use without a listener: when the table is given, a list that it lacks is empty", Reading.Warnings(toml));
        Assert.DoesNotContain(Reading.Warnings(Listener + toml), w => w.Contains("balancers", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("0.0.0.0/0")]
    [InlineData("::/0")]
    public void Everybody_as_a_balancer_is_a_warning(string range)
    {
        Assert.Contains(
            $"server.interfaces.balancers has {range}: whoever connects from there says himself who he is, and nobody is served who does not",
            Reading.Warnings($"{Listener}server.interfaces.balancers = [\"{range}\"]"));
    }

    [Fact]
    public void Proxies_and_servers_before_ours_are_named_in_the_same_way()
    {
        var interfaces = Reading.Server(
            $"{Listener}server.interfaces.xclient = [\"192.0.2.7\"]\nserver.interfaces.xforward = [\"2001:db8::/32\", \"192.0.2.8\"]").Interfaces;
        Assert.Equal([IPNetwork.Parse("192.0.2.7/32")], interfaces.XClient);
        Assert.Equal([IPNetwork.Parse("2001:db8::/32"), IPNetwork.Parse("192.0.2.8/32")], interfaces.XForward);
        Assert.StartsWith(
            "server.interfaces.xforward must be an address, or a range",
            Reading.Error($"{Listener}server.interfaces.xforward = [\"front.example.com\"]").Message, StringComparison.Ordinal);
        Assert.Contains(
            "server.interfaces.xforward has 0.0.0.0/0: whoever connects from there may have the logs say that his mail came from anywhere",
            Reading.Warnings($"{Listener}server.interfaces.xforward = [\"0.0.0.0/0\"]"));
        Assert.Contains(
            "server.interfaces.xclient has ::/0: whoever connects from there may say that he is anybody",
            Reading.Warnings($"{Listener}server.interfaces.xclient = [\"::/0\"]"));
        Assert.Empty(Reading.Server(Listener).Interfaces.XForward);
    }
}
