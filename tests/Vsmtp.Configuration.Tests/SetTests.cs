using System.Net;
using Vsmtp.Configuration.Options;

namespace Vsmtp.Configuration.Tests;

public sealed class SetTests
{
    [Fact]
    public void A_set_goes_over_the_file_and_the_last_one_wins()
    {
        const string toml = "[server]\ndomain = \"file.example.org\"\ninterfaces.addr = [\"127.0.0.1:25\"]\n";
        var server = Reading.Server(toml, "server.domain=one.example.org", "server.interfaces.addr=[\"127.0.0.1:2525\", \"[::1]:2525\"]", "server.domain=two.example.org");
        Assert.Equal("two.example.org", server.Domain);
        Assert.Equal([IPEndPoint.Parse("127.0.0.1:2525"), IPEndPoint.Parse("[::1]:2525")], server.Interfaces.Addr);
    }

    [Fact]
    public void A_value_that_is_no_toml_is_a_text()
    {
        var server = Reading.Server("", "server.delivery.relayhost=127.0.0.1:2526", "server.delivery.maildir_root=/srv/mail dir", "server.smtp.disable_ehlo=true", "server.smtp.rcpt_count_max=5");
        Assert.Equal(("127.0.0.1", 2526), (server.Delivery.RelayHost!.Host, server.Delivery.RelayHost.Port));
        Assert.Equal("/srv/mail dir", server.Delivery.MaildirRoot);
        Assert.True(server.Smtp.DisableEhlo);
        Assert.Equal(5, server.Smtp.RcptCountMax);
    }

    [Theory]
    [InlineData("123", "123")]
    [InlineData("true", "true")]
    [InlineData("1979-05-27", "1979-05-27")]
    [InlineData("a=b", "a=b")]
    [InlineData("x\n[app]", "x\n[app]")]
    [InlineData("\"quoted\"", "quoted")]
    [InlineData("", "")]
    public void A_text_that_looks_like_something_else_is_still_the_text_that_was_typed(string typed, string expected) =>
        Assert.Equal(expected, Reading.Good("", "app.logs.format=" + typed).App.Logs.Format);

    [Fact]
    public void A_key_may_have_quoted_parts_and_a_value_may_be_a_table()
    {
        var server = Reading.Server("server.dns.type = \"google\"", "server.virtual.\"x.org\".dns.type=cloudflare", "server.smtp.error={ soft_count = 1, hard_count = 2, delay = \"0s\" }");
        Assert.Equal(DnsSource.Cloudflare, server.Virtual["x.org"].Dns!.Type);
        Assert.Equal(2, server.Smtp.Error.HardCount);
    }

    [Theory]
    [InlineData("server.client_count_max=many", "--set: error: server.client_count_max must be an integer, not a string\nserver.client_count_max=many\n                        ^")]
    [InlineData("server.domian=x", "--set: error: unknown key 'server.domian'; did you mean 'domain'?\nserver.domian=x\n       ^")]
    [InlineData("server..domain=x", "--set: error: 'server..domain' is no key; it is dotted as in TOML: server.domain\nserver..domain=x\n^")]
    [InlineData("=x", "--set: error: '' is no key; it is dotted as in TOML: server.domain\n=x\n^")]
    [InlineData("[server]\ndomain=x", "--set: error: '[server]\uFFFDdomain' is no key; it is dotted as in TOML: server.domain\n[server]\n^")]
    [InlineData("server.domain.name=x", "--set: error: 'domain' is a string in the file, not a table\nserver.domain.name=x\n       ^")]
    [InlineData("server.interfaces={ addr = [1] }", "--set: error: server.interfaces.addr must be an array of strings, each an address \"ip:port\", with an IPv6 address in brackets, not an integer\nserver.interfaces={ addr = [1] }\n                            ^")]
    public void A_fault_in_a_set_names_the_set(string set, string expected)
    {
        var at = set.LastIndexOf('=') is var last && set.IndexOf('=', StringComparison.Ordinal) is var first && set.StartsWith('[') ? last : first;
        var sets = new[] { KeyValuePair.Create(set[..at], set[(at + 1)..]) };
        var result = ConfigurationReader.ReadText("server.domain = \"a\"", Reading.FileName, sets, _ => null);
        Assert.Equal(expected, Assert.Single(result.Faults, f => f.Severity == FaultSeverity.Error).ToString());
    }

    [Fact]
    public void Faults_of_the_file_come_before_those_of_the_sets()
    {
        var faults = Reading.Of("\n\nserver.x = 1", "server.z=1", "server.y=2").Faults.Where(f => f.Severity == FaultSeverity.Error);
        Assert.Equal(["server.x", "server.z", "server.y"], faults.Select(f => f.Message.Split('\'')[1]));
    }
}
