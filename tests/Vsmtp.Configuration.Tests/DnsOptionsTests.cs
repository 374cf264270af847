using System.Net;
using Vsmtp.Configuration.Options;

namespace Vsmtp.Configuration.Tests;

public sealed class DnsOptionsTests
{
    [Fact]
    public void Own_name_servers_and_options_are_read()
    {
        var dns = Reading.Server("""
            [server.dns]
            type = "custom"
            config.name_servers = ["192.0.2.1", "192.0.2.2:5353", "2001:db8::1", "[2001:db8::2]:5353"]
            [server.dns.options]
            timeout = "2s"
            attempts = 0
            rotate = true
            dnssec = true
            ip_strategy = "Ipv6thenIpv4"
            cache_size = 0
            use_hosts_file = false
            num_concurrent_reqs = 4
            """).Dns;
        Assert.Equal(DnsSource.Custom, dns.Type);
        Assert.Equal(
            ["192.0.2.1:53", "192.0.2.2:5353", "[2001:db8::1]:53", "[2001:db8::2]:5353"],
            dns.NameServers.Select(n => n.ToString()));
        Assert.Equal(
            new DnsQueryOptions
            {
                Timeout = TimeSpan.FromSeconds(2), Attempts = 0, Rotate = true, Dnssec = true, IpStrategy = DnsAddressOrder.Ipv6thenIpv4,
                CacheSize = 0, UseHostsFile = false, ConcurrentRequests = 4,
            },
            dns.Options);
    }

    [Theory]
    [InlineData("type = \"custom\"", "server.dns.type is \"custom\": server.dns.config.name_servers must say whom to ask")]
    [InlineData("type = \"custom\"\nconfig.name_servers = []", "server.dns.config.name_servers must name at least one server")]
    [InlineData("type = \"custom\"\nconfig.name_servers = [\"ns.example.org\"]", "server.dns.config.name_servers must be the address of a name server: an IP address, or \"ip:port\", not \"ns.example.org\"")]
    [InlineData("type = \"google\"\nconfig.name_servers = [\"192.0.2.1\"]", "server.dns.config is only for the type \"custom\"")]
    [InlineData("options.attempts = 3", "server.dns.options is not for the type \"system\"")]
    [InlineData("type = \"google\"\noptions.atempts = 3", "unknown key 'server.dns.options.atempts'; did you mean 'attempts'?")]
    [InlineData("type = \"google\"\noptions.ip_strategy = \"Ipv5Only\"", "server.dns.options.ip_strategy must be \"Ipv4Only\" or ")]
    [InlineData("type = \"google\"\noptions.timeout = \"0s\"", "server.dns.options.timeout must be more than nothing")]
    [InlineData("typ = \"google\"", "unknown key 'server.dns.typ'; did you mean 'type'?")]
    public void A_wrong_value_or_combination_is_an_error(string dns, string expected) =>
        Assert.StartsWith(expected, Reading.Error("[server.dns]\n" + dns).Message, StringComparison.Ordinal);

    [Fact]
    public void A_name_server_is_the_ip_endpoint_of_its_text() =>
        Assert.Equal(IPEndPoint.Parse("192.0.2.9:53"), Reading.Server("server.dns = { type = \"custom\", config = { name_servers = [\"192.0.2.9\"] } }").Dns.NameServers[0]);
}
