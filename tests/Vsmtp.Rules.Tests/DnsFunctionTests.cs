namespace Vsmtp.Rules.Tests;

/// <summary>What rules learn of names.</summary>
public sealed class DnsFunctionTests
{
    private readonly Site _site = new();

    [Theory]
    [InlineData("lookup(\"b.org\")", "[\"192.0.2.1\", \"2001:db8::1\"]")]
    [InlineData("dns::lookup(\"192.0.2.9\")", "[\"192.0.2.9\"]")]
    [InlineData("object h fqdn = \"b.org\"; lookup(h).len()", "2")]
    [InlineData("rlookup(\"192.0.2.1\")", "[\"b.org\"]")]
    [InlineData("dns::rlookup(\"192.0.2.2\")", "error: `192.0.2.2` does not exist in DNS")]
    [InlineData("rlookup(\"b.org\")", "error: invalid type conversion expected an IP address, got `b.org`")]
    [InlineData("lookup(\"nowhere.org\")", "error: `nowhere.org` does not exist in DNS")]
    [InlineData("lookup(\"broken.org\")", "error: `broken.org` cannot be looked up for now: 192.0.2.53 said SERVFAIL")]
    [InlineData("lookup(\"a..b\")", "error: `a..b` does not exist in DNS")]
    public async Task A_host_has_addresses_and_an_address_names_and_what_has_none_is_an_error(string call, string expected) =>
        Assert.StartsWith(expected, await _site.EvalAsync(call), StringComparison.Ordinal);

    [Fact]
    public async Task A_list_of_bad_clients_is_asked_as_scripts_always_did()
    {
        var outcome = await _site.RunAsync("""
            try { lookup("2.0.0.127.list.b.org"); return deny() } catch { }
            next()
            """, Site.Transaction());
        Assert.Equal((RuleStatusKind.Next, null), (outcome.Status, outcome.Failure?.Message));
    }

    [Fact]
    public async Task Where_nobody_looks_names_up_asking_is_an_error()
    {
        var site = new Site { Options = _site.Options with { Resolver = null } };
        Assert.Equal("error: there is nobody here to look names up", await site.EvalAsync("lookup(\"b.org\")"));
    }
}
