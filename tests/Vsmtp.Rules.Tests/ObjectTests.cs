namespace Vsmtp.Rules.Tests;

/// <summary>Objects in scripts: text, comparison, membership.</summary>
public sealed class ObjectTests
{
    private readonly Site _site = new();

    [Theory]
    [InlineData("object x ip4 = \"192.0.2.1\"; x", "192.0.2.1")]
    [InlineData("object x ip6 = \"2001:DB8:0::1\"; x", "2001:db8::1")]
    [InlineData("object x rg4 = \"192.0.2.77/24\"; x", "192.0.2.0/24")]
    [InlineData("object x rg6 = \"2001:db8:ffff::/32\"; x", "2001:db8::/32")]
    [InlineData("object x fqdn = \"Example.com\"; x", "Example.com")]
    [InlineData("object x address = \"john@Example.com\"; x", "john@example.com")]
    [InlineData("object x address = `\"a@b\"@example.com`; x.local_part", "a@b")]
    [InlineData("object x address = \"john@Example.com\"; x.domain", "example.com")]
    [InlineData("object x identifier = \"john\"; x", "john")]
    [InlineData("object x string = \"v\"; x + \"w\"", "vw")]
    [InlineData("object x string = \"v\"; type_of(x)", "string")]
    [InlineData("object x regex = \"^a.*\"; x", "^a.*")]
    [InlineData("object x group = [ object a ip4 = \"1.2.3.4\", \"text\" ]; x", "[1.2.3.4, text]")]
    [InlineData("object x ip4 = #{ value: \"192.0.2.1\", author: \"me\", since: 2026 }; x", "192.0.2.1")]
    [InlineData("object ip4 ip4 = \"127.0.0.1\"; ip4", "127.0.0.1")]
    [InlineData("object x code = \"501 5.7.1 no\"; x", "501 5.7.1 no")]
    [InlineData("object x code = \"250 Hello there\"; x", "250 Hello there")]
    [InlineData("object x code = \"250 2 things\"; x", "250 2 things")]
    [InlineData("object x code = #{ code: 501, enhanced: \"4.7.1\", text: \"not allowed\" }; x", "501 4.7.1 not allowed")]
    [InlineData("object x ip4 = \"192.0.2.1\"; type_of(x)", "VSLObject")]
    [InlineData("object x address = \"john@example.com\"; `<${x}>`", "<john@example.com>")]
    [InlineData("new_address(\"a@b.org\").domain", "b.org")]
    [InlineData("net_10", "10.0.0.0/8")]
    [InlineData("code550_7_23", "550 5.7.23 SPF validation failed")]
    public async Task An_object_has_a_text(string script, string text) => Assert.Equal(text, await _site.EvalAsync(script));

    [Theory]
    [InlineData("object x ip4 = \"127.1\"; x", "`127.1` is not an IPv4 address")]
    [InlineData("object x ip4 = \"::1\"; x", "`::1` is not an IPv4 address")]
    [InlineData("object x ip6 = \"1.2.3.4\"; x", "`1.2.3.4` is not an IPv6 address")]
    [InlineData("object x rg4 = \"192.0.2.0/33\"; x", "`192.0.2.0/33` is not an IPv4 network")]
    [InlineData("object x rg6 = \"2001:db8::\"; x", "`2001:db8::` is not an IPv6 network")]
    [InlineData("object x fqdn = \"foo..bar\"; x", "`foo..bar` is not a valid domain name")]
    [InlineData("object x address = \"john\"; x", "`john` is not a valid address")]
    [InlineData("object x regex = \"(?=a)b\"; x", "look-around")]
    [InlineData("object x code = \"hello\"; x", "is not a reply")]
    [InlineData("object x code = \"999 x\"; x", "999 is not a reply code")]
    [InlineData("object x code = #{ code: 501, enhanced: \"nonsense\", text: \"\" }; x", "`nonsense` is not an enhanced code")]
    [InlineData("object x group = [ 1 ]; x", "`1` in the group is no object")]
    [InlineData("object x file:ip4 = \"/etc/hostname\"; x", "was not read when the rules were loaded")]
    public async Task A_bad_text_is_an_error_that_quotes_it(string script, string message)
    {
        var result = await _site.EvalAsync(script);

        Assert.StartsWith("error: object `x`: ", result, StringComparison.Ordinal);
        Assert.Contains(message, result, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("object a ip4 = \"1.2.3.4\"; object b ip4 = \"1.2.3.4\"; a == b", "true")]
    [InlineData("object a ip4 = \"1.2.3.4\"; object b ip6 = \"::ffff:1.2.3.4\"; a == b", "true")]
    [InlineData("object a ip4 = \"1.2.3.4\"; a == \"1.2.3.4\"", "true")]
    [InlineData("object a ip4 = \"1.2.3.4\"; \"1.2.3.5\" is a", "false")]
    [InlineData("object a ip4 = \"1.2.3.4\"; a not \"nonsense\"", "true")]
    [InlineData("object a fqdn = \"Example.com\"; a == \"example.COM\"", "true")]
    [InlineData("object a fqdn = \"CLIENT.example.com\"; helo() == a", "true")]
    [InlineData("object a fqdn = \"CLIENT.example.com\"; a is helo()", "true")]
    [InlineData("object a regex = \"^client\\\\.\"; helo() is a", "true")]
    [InlineData("object a address = \"john@Example.com\"; a == \"john@EXAMPLE.com\"", "true")]
    [InlineData("object a address = \"John@example.com\"; a == \"john@example.com\"", "false")]
    [InlineData("object a identifier = \"john\"; \"john\" == a", "true")]
    [InlineData("object a identifier = \"john\"; object b fqdn = \"john\"; a == b", "false")]
    [InlineData("object p regex = \"^x\"; \"xyz\" == p", "true")]
    [InlineData("object p regex = \"^x\"; \"yx\" == p", "false")]
    [InlineData("object a address = \"u@d.org\"; object p regex = \"d.org$\"; a == p", "false")]
    [InlineData("object a group = [ \"x\" ]; a == \"x\"", "false")]
    [InlineData("object a ip4 = \"1.2.3.4\"; a == 5", "false")]
    [InlineData("object a code = \"250 x\"; object b code = \"250 x\"; a == b", "true")]
    public async Task Objects_compare(string script, string result) => Assert.Equal(result, await _site.EvalAsync(script));

    [Theory]
    [InlineData("object a ip4 = \"192.0.2.1\"; object n rg4 = \"192.0.2.0/24\"; a in n", "true")]
    [InlineData("object a ip4 = \"192.0.3.1\"; object n rg4 = \"192.0.2.0/24\"; a in n", "false")]
    [InlineData("object n rg4 = \"192.0.2.0/24\"; \"192.0.2.200\" in n", "true")]
    [InlineData("object n rg4 = \"192.0.2.0/24\"; \"::ffff:192.0.2.200\" in n", "true")]
    [InlineData("object n rg4 = \"10.0.0.0/8\"; \"10.1.2.3/32\" in n", "true")]
    [InlineData("object n rg4 = \"10.0.0.0/8\"; \"10.0.0.0/7\" in n", "false")]
    [InlineData("object n rg4 = \"10.0.0.0/8\"; \"not an address\" in n", "false")]
    [InlineData("object n rg6 = \"2001:db8::/32\"; \"2001:db8:1::1\" in n", "true")]
    [InlineData("object g group = [ object n rg4 = \"192.0.2.0/24\" ]; client_ip() in g", "true")]
    [InlineData("object g group = [ object n rg4 = \"192.0.3.0/24\" ]; client_ip() in g", "false")]
    [InlineData("object g group = [ object n ip4 = \"192.0.2.7\" ]; client_ip() in g", "true")]
    [InlineData("object g group = [ object n rg4 = \"192.0.2.0/24\" ]; object a ip4 = \"192.0.2.9\"; a in g", "true")]
    [InlineData("object i group = [ \"x\" ]; object g group = [ i ]; \"x\" in g", "true")]
    [InlineData("object g group = [ object s string = \"x\" ]; \"x\" in g", "true")]
    [InlineData("\"172.16.5.5\" in non_routable_net", "true")]
    [InlineData("\"172.32.5.5\" in non_routable_net", "false")]
    [InlineData("object g group = [ object d fqdn = \"example.com\" ]; mail_from().domain in g", "true")]
    [InlineData("object g group = [ object a address = \"john.doe@EXAMPLE.com\" ]; mail_from() in g", "true")]
    [InlineData("object g group = [ object a address = \"john@example.com\" ]; \"john\" in g", "false")]
    [InlineData("object g group = [ object r regex = \"doe@\" ]; mail_from() in g", "true")]
    [InlineData("object r regex = \"^john\"; mail_from() in r", "true")]
    [InlineData("object r regex = \"^john\"; \"johnny\" in r", "true")]
    [InlineData("object i identifier = \"john.doe\"; i in mail_from()", "true")]
    [InlineData("object d fqdn = \"EXAMPLE.com\"; d in mail_from()", "true")]
    [InlineData("\"john.doe\" in mail_from()", "true")]
    [InlineData("\"doe\" in mail_from()", "false")]
    [InlineData("object a address = \"green@example.com\"; a in rcpt_list()", "true")]
    [InlineData("\"blue@ELSEWHERE.net\" in rcpt_list()", "true")]
    [InlineData("\"red@elsewhere.net\" in rcpt_list()", "false")]
    [InlineData("object g group = [ object a ip4 = \"1.2.3.4\" ]; g.contains(\"1.2.3.4\")", "true")]
    public async Task Items_are_found_in_containers(string script, string result) => Assert.Equal(result, await _site.EvalAsync(script));

    [Theory]
    [InlineData("object a ip4 = \"1.2.3.4\"; object b ip4 = \"1.2.3.4\"; a in b", "error: cannot look for an object of kind ip4 in an object of kind ip4")]
    [InlineData("object b identifier = \"x\"; 5 in b", "error: cannot look for a value of type i64 in an object of kind identifier")]
    public async Task What_cannot_be_searched_is_an_error(string script, string result) => Assert.Equal(result, await _site.EvalAsync(script));

    [Fact]
    public async Task Groups_inside_each_other_have_a_bound()
    {
        var result = await _site.EvalAsync("object g group = [ \"x\" ]; let h = g; for i in 0..100000 { h = object g group = [ h ]; }; \"x\" in h");

        Assert.Equal("error: object `g`: there are more than 32 groups inside each other", result);
    }

    [Fact]
    public async Task A_file_of_networks_is_read_and_its_blank_lines_are_skipped()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        await File.WriteAllTextAsync(path, "192.0.2.0/24\r\n\r\n  10.0.0.0/8  \n", Site.Token);
        try
        {
            var files = new Dictionary<string, string>
            {
                ["lists.vsl"] = $"object nets file:rg4 = \"{path}\";",
                ["main.vsl"] = "import \"lists\" as lists; #{ connect: [ rule \"a\" || if client_ip() in lists::nets { deny() } else { next() } ] }",
            };
            var directory = Directory.CreateTempSubdirectory();
            foreach (var (name, text) in files) await File.WriteAllTextAsync(Path.Combine(directory.FullName, name), text, Site.Token);

            var result = await RuleSetLoader.LoadAsync(Path.Combine(directory.FullName, "main.vsl"), _site.Options, Site.Token);
            directory.Delete(recursive: true);

            Assert.NotNull(result.Set);
            Assert.Equal([path, "lists.vsl", "main.vsl"], result.Set.Files.Keys);
            Assert.Equal(RuleStatusKind.Deny, await StatusAsync(result.Set));
            File.Delete(path);
            // Elsewhere there is no such file: the set carries it.
            var again = await RuleSetLoader.LoadAsync("main.vsl", result.Set.Files, _site.Options, Site.Token);
            Assert.Equal(result.Set.Hash, again.Set?.Hash);
            Assert.Equal(RuleStatusKind.Deny, await StatusAsync(again.Set!));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task A_file_that_never_ends_is_too_large()
    {
        var directory = Directory.CreateTempSubdirectory();
        var main = Path.Combine(directory.FullName, "main.vsl");
        await File.WriteAllTextAsync(main, "object d file:identifier = \"/dev/zero\";\n#{}", Site.Token);
        var result = await RuleSetLoader.LoadAsync(main, _site.Options, Site.Token);
        directory.Delete(recursive: true);

        Assert.Contains("`/dev/zero` is larger than 16777216 bytes", Assert.Single(result.Diagnostics).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bad_line_of_a_file_is_an_error_with_its_number()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        await File.WriteAllTextAsync(path, "example.com\n\nnot a domain\n", Site.Token);

        var main = $"object d file:fqdn = \"{path}\";\n#{{}}";
        var directory = Directory.CreateTempSubdirectory();
        await File.WriteAllTextAsync(Path.Combine(directory.FullName, "main.vsl"), main, Site.Token);
        var result = await RuleSetLoader.LoadAsync(Path.Combine(directory.FullName, "main.vsl"), _site.Options, Site.Token);
        directory.Delete(recursive: true);
        File.Delete(path);

        var error = Assert.Single(result.Diagnostics);
        Assert.Equal("main.vsl:1:1", error.Span.ToString());
        Assert.Equal($"object `d`: {path}, line 3: `not a domain` is not a valid domain name", error.Message);
    }

    private async Task<RuleStatusKind> StatusAsync(RuleSet set)
    {
        var outcome = await _site.Engine.RunAsync(set, Stage.Connect, Site.Connection(), Site.Token);
        Assert.Null(outcome.Failure);
        return outcome.Status;
    }
}
