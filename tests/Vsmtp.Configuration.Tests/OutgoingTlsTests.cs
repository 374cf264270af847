using Vsmtp.Configuration.Options;
using Vsmtp.Mail.Transfer;

namespace Vsmtp.Configuration.Tests;

/// <summary><c>server.delivery.relayhost</c> and <c>[server.delivery.tls]</c>.</summary>
public sealed class OutgoingTlsTests
{
    private const string Form = "must be \"host:port\" or a URL such as \"smtp://user:password@host:port?tls=verify\"";
    private const string Levels = "must be \"none\" or \"may\" or \"encrypt\" or \"verify\"";

    private static ForwardUrl Relay(string text) => Reading.Server($"server.delivery.relayhost = \"{text}\"").Delivery.RelayHost!;

    private static string Written(string toml)
    {
        var tree = ConfigurationWriter.ToTree(Reading.Good(toml));
        var server = (IReadOnlyDictionary<string, object?>)tree["server"]!;
        return (string)((IReadOnlyDictionary<string, object?>)server["delivery"]!)["relayhost"]!;
    }

    [Theory]
    [InlineData("smart.example.org:25", "smart.example.org", 25, TlsLevel.May)]
    [InlineData("192.0.2.1:2525", "192.0.2.1", 2525, TlsLevel.May)]
    [InlineData("[2001:db8::1]:465", "2001:db8::1", 465, TlsLevel.May)]
    [InlineData("localhost:2525", "localhost", 2525, TlsLevel.None)]
    [InlineData("127.3.2.1:2525", "127.3.2.1", 2525, TlsLevel.None)]
    [InlineData("[::1]:2525", "::1", 2525, TlsLevel.None)]
    public void A_relay_host_is_a_name_or_an_address_with_its_port_and_has_TLS_where_it_offers_it_unless_it_is_this_machine(
        string text, string host, int port, TlsLevel level)
    {
        Assert.Equal(new ForwardUrl(host, port, TransferProtocol.Smtp, level, IsTlsFirst: false), Relay(text));
        Assert.Equal(text, Written($"server.delivery.relayhost = \"{text}\""));
    }

    [Theory]
    [InlineData("smtp://smart.example.org", "smart.example.org:25")]
    [InlineData("smtp://smart.example.org:587?tls=verify", "smtp://smart.example.org:587?tls=verify")]
    [InlineData("smtp://smart.example.org:587?tls=required", "smtp://smart.example.org:587?tls=required")]
    [InlineData("smtp://smart.example.org?tls=none", "smtp://smart.example.org:25?tls=none")]
    [InlineData("smtp://127.0.0.1:26", "smtp://127.0.0.1:26?tls=opportunistic")]
    [InlineData("smtps://smart.example.org?tls=verify", "smtps://smart.example.org:465?tls=verify")]
    [InlineData("lmtp://127.0.0.1", "lmtp://127.0.0.1:24?tls=none")]
    [InlineData("smtp://j%40b.example:p%3Aw@smart.example.org:587?tls=verify", "smtp://j%40b.example:***@smart.example.org:587?tls=verify")]
    public void A_relay_host_may_be_a_URL_and_is_shown_as_what_it_means(string url, string shown)
    {
        Assert.True(ForwardUrl.TryParse(url, out var meant, out _));
        Assert.Equal(meant, Relay(url));
        Assert.Equal(shown, Written($"server.delivery.relayhost = \"{url}\""));
        Assert.Equal(meant with { }, Reading.Server("", $"server.delivery.relayhost={url}").Delivery.RelayHost);
    }

    [Theory]
    [InlineData("\"host\"", Form)]
    [InlineData("\"host:0\"", Form)]
    [InlineData("\"::1:25\"", Form)]
    [InlineData("5", Form + ", not an integer")]
    [InlineData("\"http://host\"", "is no URL of a server: the URL begins with smtp://, smtps:// or lmtp://")]
    [InlineData("\"smtp://me@host\"", "is no URL of a server: before the @ stands user:password, with blanks and quotes percent-encoded")]
    [InlineData("\"smtp://me:it's@host\"", "is no URL of a server: before the @ stands user:password, with blanks and quotes percent-encoded")]
    [InlineData("\"smtp://a b\"", "is no URL of a server: what the URL names is neither host nor host:port")]
    [InlineData("\"smtp://host?tls=encrypt\"", "is no URL of a server: behind the question mark stands tls=none, opportunistic, required, verify or tunnel")]
    [InlineData("\"smtp://me:pw@host?tls=none\"", "has a password, which tls=none would send in clear")]
    [InlineData("\"smtp://me:pw@127.0.0.1:25\"", "is 127.0.0.1:25, where this server listens itself")]
    public void A_wrong_relay_host_is_told_with_its_place(string value, string expected) => Assert.StartsWith(
        $"2:13: server.delivery.relayhost {expected}", Assert.Single(Reading.Errors($"[server.delivery]\nrelayhost = {value}")), StringComparison.Ordinal);

    [Theory]
    [InlineData("relayhost = \"smtp://me:s3cr3t@host?tls=x\"")]
    [InlineData("relayhost = \"smtp://me:s3cr3t@ho st\"")]
    [InlineData("relayhost = \"smtp://me:s3cr3t\"")]
    [InlineData("relayhost = \"smtp://me:s3cr3t?@host\"")]
    [InlineData("relayhost = \"smtp://me:/s3cr3t@host\"")]
    [InlineData("relayhost = \"smtp:me:s3cr3t@host\"")]
    [InlineData("relayhost = \"me:s3cr3t@host:25\"")]
    [InlineData("relayhost = \"smtp://me:s3cr3t@127.0.0.1:25\"")]
    [InlineData("relayhost = \"smtp://me:s3cr3t@host?tls=none\"")]
    [InlineData("relayhost = [\"smtp://me:s3cr3t@host\"]")]
    [InlineData("relayhost = \"smtp://me:s3cr3t@host\" x")]
    [InlineData("relayhost = \"smtp://me:s3cr3t@host")]
    [InlineData("relayhosts = \"smtp://me:s3cr3t@host\"")]
    [InlineData("relayhosts = \"smtp://me:a s3cr3t 'b'@host\"")]
    [InlineData("relayhosts = \"smtp://me@b.example:s3cr3t@host\"")]
    [InlineData("relayhost = \"smtp://me@b.example:s3cr3t@127.0.0.1:25\"")]
    [InlineData("relayhosts = 'smtp://me:a \"s3cr3t\"@host'")]
    [InlineData("x = { relayhost = \"smtps://me:a s3cr3t@host\", tls = 1 }")]
    public void A_password_of_a_relay_host_is_never_shown(string line)
    {
        var faults = Reading.Of($"[server.delivery]\n{line}").Faults;
        Assert.Contains(faults, fault => fault.Severity == FaultSeverity.Error && fault.Line == 2);
        Assert.All(faults, fault => Assert.DoesNotContain("s3cr3t", fault.ToString(), StringComparison.Ordinal));
        var sets = Reading.Of("", $"server.delivery.{line.Replace(" = ", "=", StringComparison.Ordinal)}").Faults;
        Assert.All(sets, fault => Assert.DoesNotContain("s3cr3t", fault.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public void A_good_password_is_nowhere_but_in_its_place()
    {
        var configuration = Reading.Good("server.delivery.relayhost = \"smtp://me:s3cr3t@host\"");
        Assert.Equal(("me", "s3cr3t"), configuration.Server.Delivery.RelayHost!.Credentials);
        Assert.DoesNotContain("s3cr3t", configuration.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3t", configuration.Server.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3t", configuration.Server.Delivery.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3t", ConfigurationWriter.ToToml(configuration), StringComparison.Ordinal);
        Assert.Contains("relayhost = \"smtp://me:***@host:25?tls=opportunistic\"", ConfigurationWriter.ToToml(configuration), StringComparison.Ordinal);
    }

    [Fact]
    public void Levels_are_read_by_domain()
    {
        var tls = Reading.Server("""
            [server.delivery.tls]
            default = "encrypt"
            [server.delivery.tls.domains]
            "Example.org" = "verify"
            ".example.org" = "none"
            "xn--bcher-kva.example" = { level = "verify", match = ["MX.example.net", ".example.net"] }
            "other.example" = { level = "may" }
            """).Delivery.Tls;
        Assert.Equal(TlsLevel.Encrypt, tls.Default);
        Assert.Equal(
            [
                new(".example.org", new TlsRule(TlsLevel.None)), new("example.org", new TlsRule(TlsLevel.Verify)),
                new("other.example", new TlsRule(TlsLevel.May)),
                new("xn--bcher-kva.example", new TlsRule(TlsLevel.Verify, new(["mx.example.net", ".example.net"]))),
            ],
            tls.Domains);
        var none = Reading.Server("").Delivery.Tls;
        Assert.Equal((TlsLevel.May, 0), (none.Default, none.Domains.Count));
    }

    [Theory]
    [InlineData("tls = 1", "2:7: server.delivery.tls must be a table, not an integer")]
    [InlineData("tls.default = \"required\"", "2:15: server.delivery.tls.default " + Levels + ", not \"required\"")]
    [InlineData("tls.level = \"may\"", "2:5: unknown key 'server.delivery.tls.level'; known here: default, domains")]
    [InlineData("tls.domains = []", "2:15: server.delivery.tls.domains must be a table, not an array")]
    [InlineData("tls.domains.\"b.example\" = \"Verify\"", "2:27: server.delivery.tls.domains.\"b.example\" " + Levels + ", not \"Verify\"")]
    [InlineData("tls.domains.\"b.example\" = true", "2:27: server.delivery.tls.domains.\"b.example\" " + Levels + ", not a boolean")]
    [InlineData("tls.domains.\"bü.example\" = \"may\"", "2:28: server.delivery.tls.domains.\"bü.example\" must have the name of a domain of letters, digits and hyphens (another alphabet as xn--…), with a dot before it for all domains below it")]
    [InlineData("tls.domains.\"*.example\" = \"may\"", "2:27: server.delivery.tls.domains.\"*.example\" must have the name of a domain")]
    [InlineData("tls.domains.\"192.0.2.1\" = \"may\"", "2:27: server.delivery.tls.domains.\"192.0.2.1\" must have the name of a domain")]
    [InlineData("tls.domains.\".\" = \"may\"", "2:19: server.delivery.tls.domains.\".\" must have the name of a domain")]
    [InlineData("tls.domains = { \"b.example\" = \"may\", \"B.example\" = \"may\" }", "2:52: server.delivery.tls.domains.\"B.example\" is there twice, letter case apart")]
    [InlineData("tls.domains.\"b.example\" = {}", "2:27: server.delivery.tls.domains.\"b.example\".level is missing: it is mandatory in the table")]
    [InlineData("tls.domains.\"b.example\" = { level = \"x\" }", "2:37: server.delivery.tls.domains.\"b.example\".level " + Levels)]
    [InlineData("tls.domains.\"b.example\" = { level = \"verify\", matches = [] }", "2:47: unknown key 'server.delivery.tls.domains.\"b.example\".matches'; known here: level, match")]
    [InlineData("tls.domains.\"b.example\" = { level = \"verify\", match = [] }", "2:55: server.delivery.tls.domains.\"b.example\".match must name somebody")]
    [InlineData("tls.domains.\"b.example\" = { level = \"verify\", match = [\"*.b.example\"] }", "2:56: server.delivery.tls.domains.\"b.example\".match must be a name that a certificate can have, with a dot before it for all names below it, not \"*.b.example\"")]
    [InlineData("tls.domains.\"b.example\" = { level = \"verify\", match = \"b.example\" }", "2:55: server.delivery.tls.domains.\"b.example\".match must be an array of strings")]
    [InlineData("tls.domains.\"b.example\" = { level = \"encrypt\", match = [\"b.example\"] }", "2:56: server.delivery.tls.domains.\"b.example\".match is only for the level \"verify\"")]
    public void What_is_wrong_is_told_with_its_place(string line, string expected) =>
        Assert.StartsWith(expected, Assert.Single(Reading.Errors($"[server.delivery]\n{line}")), StringComparison.Ordinal);

    [Fact]
    public void A_domain_without_quotes_is_told_how_to_be_written()
    {
        var errors = Reading.Errors("server.delivery.tls.domains.b.example = \"may\"");
        Assert.Contains(errors, error => error.EndsWith("server.delivery.tls.domains.b.level is missing: it is mandatory in the table; the name of a domain stands in quotes", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("smtp://me:pw@host", true)]
    [InlineData("smtp://me:pw@host?tls=required", true)]
    [InlineData("smtps://me:pw@host", true)]
    [InlineData("smtps://me:pw@host?tls=verify", false)]
    [InlineData("smtp://me:pw@127.0.0.9", false)]
    [InlineData("smtp://host", false)]
    public void A_password_for_whoever_answers_is_a_warning(string url, bool isOne) => Assert.Equal(isOne, Reading.Warnings($"server.delivery.relayhost = \"{url}\"")
        .Contains("server.delivery.relayhost has a password and not tls=verify: whoever stands between this server and the relay host can have it"));

    [Theory]
    [InlineData("localhost:25", "addr = [\"127.0.0.1:25\"]", true)]
    [InlineData("localhost:25", "addr_submission = [\"0.0.0.0:25\"]", true)]
    [InlineData("127.0.0.1:25", "addr = [\"0.0.0.0:25\"]", true)]
    [InlineData("smtps://127.0.0.1", "addr_submissions = [\"127.0.0.1:465\"]", true)]
    [InlineData("127.0.0.2:25", "addr = [\"127.0.0.1:25\"]", false)]
    [InlineData("localhost:26", "addr = [\"127.0.0.1:25\"]", false)]
    [InlineData("192.0.2.1:25", "addr = [\"0.0.0.0:25\"]", false)]
    public void A_relay_host_that_is_this_server_itself_is_an_error(string relay, string listener, bool isOne)
    {
        var errors = Reading.Errors($"server.delivery.relayhost = \"{relay}\"\n[server.interfaces]\n{listener}\n");
        Assert.Equal(isOne, errors.Any(error => error.Contains("listens itself", StringComparison.Ordinal)));
    }

    [Fact]
    public void Beside_a_relay_host_the_table_has_no_effect()
    {
        const string warning = "server.delivery.tls has no effect beside server.delivery.relayhost, which says itself what of TLS it must have: no mail leaves by MX";
        Assert.Contains(warning, Reading.Warnings("server.delivery = { relayhost = \"a:1\", tls.default = \"may\" }"));
        Assert.DoesNotContain(warning, Reading.Warnings("server.delivery.tls.default = \"may\""));
        Assert.DoesNotContain(warning, Reading.Warnings("server.delivery.relayhost = \"a:1\""));
    }
}
