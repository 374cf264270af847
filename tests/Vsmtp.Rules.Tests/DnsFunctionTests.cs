namespace Vsmtp.Rules.Tests;

/// <summary>What rules learn of names.</summary>
public sealed class DnsFunctionTests
{
    private readonly Site _site = new();

    [Theory]
    [InlineData("lookup(\"b.org\") == [\"192.0.2.1\", \"2001:db8::1\"]", null)]
    [InlineData("dns::lookup(\"192.0.2.9\") == [\"192.0.2.9\"]", null)]
    [InlineData("object h fqdn = \"b.org\"; lookup(h).len() == 2", null)]
    [InlineData("rlookup(\"192.0.2.1\") == [\"b.org\"]", null)]
    [InlineData("dns::rlookup(\"192.0.2.2\") == []", "`192.0.2.2` does not exist in DNS")]
    [InlineData("rlookup(\"b.org\") == []", "expected an IP address, got `b.org`")]
    [InlineData("lookup(\"nowhere.org\") == []", "`nowhere.org` does not exist in DNS")]
    [InlineData("lookup(\"broken.org\") == []", "`broken.org` cannot be looked up for now: 192.0.2.53 said SERVFAIL")]
    [InlineData("lookup(\"a b\") == []", "`a b` does not exist in DNS")]
    public async Task A_host_has_addresses_and_an_address_names_and_what_has_none_is_an_error(string condition, string? error)
    {
        var statements = condition.Split("; ");
        var outcome = await _site.RunAsync($"{string.Join("; ", statements[..^1].Append(""))}if {statements[^1]} {{ accept() }} else {{ deny() }}");
        if (error is null) Assert.Equal((RuleStatusKind.Accept, null), (outcome.Status, outcome.Failure?.Message));
        else Assert.Contains(error, outcome.Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_of_bad_clients_is_asked_as_scripts_always_did()
    {
        var outcome = await _site.RunAsync("""
            try { lookup("2.0.0.127.list.b.org"); deny() } catch { next() }
            """);
        Assert.Equal((RuleStatusKind.Next, null), (outcome.Status, outcome.Failure?.Message));
    }
}
