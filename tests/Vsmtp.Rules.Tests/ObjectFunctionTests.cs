using Vsmtp.Vsl;

namespace Vsmtp.Rules.Tests;

/// <summary>Objects without a declaration: the call gives what the declaration of that kind gives, in all that can be done with it.</summary>
public sealed class ObjectFunctionTests
{
    private readonly Site _site = new();

    [Theory]
    [InlineData("ip4", "192.0.2.1")]
    [InlineData("ip6", "2001:DB8::1")]
    [InlineData("rg4", "192.0.2.0/24")]
    [InlineData("rg6", "2001:db8::/32")]
    [InlineData("fqdn", "Example.com")]
    [InlineData("address", "John@example.com")]
    [InlineData("identifier", "john")]
    [InlineData("regex", "^jo")]
    [InlineData("code", "554 5.7.1 no")]
    public async Task A_call_makes_what_a_declaration_makes(string kind, string text) =>
        Assert.Equal("true true", await _site.EvalAsync($$"""object it {{kind}} = "{{text}}"; `${ {{kind}}("{{text}}") == it} ${obj::{{kind}}("{{text}}").to_debug() == it.to_debug()}`"""));

    [Theory]
    [InlineData("client_ip() in rg4(\"192.0.2.0/24\")", "true")]
    [InlineData("ip4(\"192.0.3.1\") in rg4(\"192.0.2.0/24\")", "false")]
    [InlineData("server_ip() == ip6(\"2001:DB8:0::25\")", "true")]
    [InlineData("ip6(\"2001:db8::9\") in rg6(\"2001:db8::/64\")", "true")]
    [InlineData("ip6(\"2001:db9::9\") in rg6(\"2001:db8::/64\")", "false")]
    [InlineData("mail_from().domain == fqdn(\"EXAMPLE.com\")", "true")]
    [InlineData("fqdn(\"example.com\") in mail_from()", "true")]
    [InlineData("mail_from() == address(\"john.doe@EXAMPLE.com\")", "true")]
    [InlineData("address(\"a@B.org\").domain", "b.org")]
    [InlineData("identifier(\"john.doe\") in mail_from()", "true")]
    [InlineData("identifier(\"john\") in mail_from()", "false")]
    [InlineData("mail_from() in regex(\"^john\\\\.\")", "true")]
    [InlineData("helo() == regex(\"^mail\\\\.\")", "false")]
    [InlineData("object g group = [ ip4(\"192.0.2.7\"), fqdn(\"example.com\") ]; client_ip() in g", "true")]
    [InlineData("ip4(identifier(\"192.0.2.7\")) == client_ip()", "true")]
    public async Task Rules_compare_with_it_and_search_in_it(string expression, string result) =>
        Assert.Equal(result, await _site.EvalAsync(expression));

    [Theory]
    [InlineData("ip4(\"::1\")", "error: ip4: `::1` is not an IPv4 address")]
    [InlineData("ip6(\"1.2.3.4\")", "error: ip6: `1.2.3.4` is not an IPv6 address")]
    [InlineData("rg4(\"192.0.2.0/33\")", "error: rg4: `192.0.2.0/33` is not an IPv4 network")]
    [InlineData("rg6(\"2001:db8::\")", "error: rg6: `2001:db8::` is not an IPv6 network")]
    [InlineData("fqdn(\"foo..bar\")", "error: fqdn: `foo..bar` is not a valid domain name")]
    [InlineData("address(\"john\")", "error: address: `john` is not a valid address")]
    [InlineData("regex(\"(?=a)b\")", "error: regex: ")]
    [InlineData("identifier(5)", "error: invalid type conversion expected a string or an object, got i64")]
    [InlineData("code(\"hello\")", "error: code: `hello` is not a reply")]
    [InlineData("code(199, \"x\")", "error: code: 199 is not a reply code")]
    [InlineData("code(501, \"nonsense\", \"x\")", "error: code: `nonsense` is not an enhanced code")]
    public async Task A_text_that_is_none_is_an_error_that_quotes_it(string call, string message) =>
        Assert.StartsWith(message, await _site.EvalAsync(call), StringComparison.Ordinal);

    [Theory]
    [InlineData("code(\"501 5.1.7 Bad sender\")", "501 5.1.7 Bad sender")]
    [InlineData("code(#{ code: 501, enhanced: \"5.1.7\", text: \"Bad sender\" })", "501 5.1.7 Bad sender")]
    [InlineData("code(501, \"Bad sender\")", "501 Bad sender")]
    [InlineData("code(501, \"5.1.7\", \"Bad sender\")", "501 5.1.7 Bad sender")]
    public async Task A_code_is_what_the_client_is_told(string call, string reply)
    {
        var outcome = await _site.RunAsync($"deny({call})", Site.Transaction(), Stage.Mail);

        Assert.Equal((RuleStatusKind.Deny, reply), (outcome.Status, outcome.Reply?.ToString()));
    }

    [Fact]
    public async Task The_objects_of_a_file_are_in_the_rules_and_a_bad_line_is_told_with_its_number()
    {
        const string Main = "const known = file(\"/lists/known\", \"address\"); #{ mail: [ rule \"it\" || if mail_from() in global::known { accept() } else { deny() } ] }";
        var set = await _site.LoadGoodAsync(Main, ("/lists/known", "john.doe@EXAMPLE.com\n\njane@example.org\n"));
        var stranger = Site.Transaction();
        stranger.Sender = new Mail.Addresses.ReversePath(Mail.Addresses.MailAddress.Parse("jim@example.com"));

        Assert.Equal(RuleStatusKind.Accept, (await _site.Engine.RunAsync(set, Stage.Mail, Site.Transaction(), Site.Token)).Status);
        Assert.Equal(RuleStatusKind.Deny, (await _site.Engine.RunAsync(set, Stage.Mail, stranger, Site.Token)).Status);
        var error = Assert.Single(await _site.FindAsync(DiagnosticSeverity.Error, Main, ("/lists/known", "john@example.com\nnobody\n")));
        Assert.Contains("file: /lists/known, line 2: ", error, StringComparison.Ordinal);
    }
}
