using Vsmtp.Dns.Resolving;

namespace Vsmtp.Dns.Tests.Resolving;

public sealed class ResolvConfTests
{
    [Fact]
    public void Servers_and_options_are_read_and_search_is_not()
    {
        var options = ResolvConf.Parse(
        [
            "# nameserver 192.0.2.9", "; nameserver 192.0.2.8", "search example.org", "domain example.org", "",
            "nameserver 192.0.2.1", "nameserver\t2001:db8::1  # ours", "nameserver nonsense", "nameserver", "options ndots:3 timeout:2 rotate attempts:4",
        ]);
        Assert.Equal(["192.0.2.1:53", "[2001:db8::1]:53"], options.Servers.Select(server => server.ToString()));
        Assert.Equal((TimeSpan.FromSeconds(2), 4, true, 1), (options.Timeout, options.Attempts, options.Rotate, options.MaxConcurrentRequests));
    }

    [Fact]
    public void A_scope_may_be_a_number_or_an_interface_of_the_machine()
    {
        var options = ResolvConf.Parse(["nameserver fe80::1%lo", "nameserver fe80::2%7", "nameserver fe80::3%nosuch"]);
        Assert.Equal(["fe80::1%1", "fe80::2%7"], options.Servers.Select(server => server.Address.ToString()));
    }

    [Fact]
    public void Three_servers_count()
    {
        var options = ResolvConf.Parse(Enumerable.Range(1, 9).Select(i => $"nameserver 192.0.2.{i}"));
        Assert.Equal(["192.0.2.1", "192.0.2.2", "192.0.2.3"], options.Servers.Select(server => server.Address.ToString()));
    }

    [Theory]
    [InlineData("options timeout:0 attempts:0", 1, 1)]
    [InlineData("options timeout:99 attempts:99", 30, 5)]
    [InlineData("options timeout:x attempts:-1 timeout attempts:", 5, 2)]
    [InlineData("options timeout:99999999999", 5, 2)]
    public void Numbers_stay_within_those_of_the_manual(string line, int seconds, int attempts)
    {
        var options = ResolvConf.Parse([line]);
        Assert.Equal((TimeSpan.FromSeconds(seconds), attempts), (options.Timeout, options.Attempts));
    }

    [Fact]
    public void Without_the_file_or_a_server_in_it_this_machine_is_asked()
    {
        Assert.Equal("127.0.0.1:53", Assert.Single(DnsResolverOptions.FromResolvConf("/nonexistent/resolv.conf").Servers).ToString());
        Assert.Equal("127.0.0.1:53", Assert.Single(ResolvConf.Parse(["options rotate"]).Servers).ToString());
        Assert.Equal("127.0.0.1:53", Assert.Single(DnsResolverOptions.FromResolvConf("/").Servers).ToString());
    }

    [Fact]
    public async Task The_servers_of_a_file_are_read_from_it()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "nameserver 192.0.2.77\n");
        Assert.Equal("192.0.2.77:53", Assert.Single(DnsResolverOptions.FromResolvConf(file).Servers).ToString());
        File.Delete(file);
    }
}
