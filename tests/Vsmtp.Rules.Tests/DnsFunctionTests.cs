using Vsmtp.Mail.Addresses;

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

    [Theory]
    [InlineData("john@silent.org", RuleStatusKind.Deny)]
    [InlineData("john@b.org", RuleStatusKind.Next)]
    [InlineData("john@nowhere.org", RuleStatusKind.Next)]
    [InlineData("john@broken.org", RuleStatusKind.Next)]
    [InlineData("john@[192.0.2.1]", RuleStatusKind.Next)]
    [InlineData("", RuleStatusKind.Next)]
    public async Task A_sender_is_denied_only_when_his_domain_says_that_it_takes_no_mail(string sender, RuleStatusKind expected)
    {
        var transaction = Site.Transaction();
        transaction.Sender = sender.Length == 0 ? ReversePath.Null : new ReversePath(MailAddress.Parse(sender));
        var outcome = await _site.RunAsync("check_null_mx_sender()", transaction);
        Assert.Equal((expected, null), (outcome.Status, outcome.Failure?.Message));
        Assert.Equal(expected is RuleStatusKind.Deny ? new RuleReply(550, "5.7.27", "Sender address has null MX") : null, outcome.Reply);
    }

    [Fact]
    public async Task Before_there_is_a_sender_and_without_a_resolver_he_cannot_be_checked()
    {
        Assert.Equal(
            "check_null_mx_sender: the field: `mail_from` is not defined",
            (await _site.RunAsync("check_null_mx_sender()", Site.Connection())).Failure?.Message);
        var site = new Site { Options = _site.Options with { Resolver = null } };
        Assert.Equal("error: there is nobody here to look names up", await site.EvalAsync("check_null_mx_sender()"));
    }

    [Fact]
    public async Task Where_nobody_looks_names_up_asking_is_an_error()
    {
        var site = new Site { Options = _site.Options with { Resolver = null } };
        Assert.Equal("error: there is nobody here to look names up", await site.EvalAsync("lookup(\"b.org\")"));
    }
}
