using System.Net;
using Vsmtp.Mail.Addresses;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Tests;

/// <summary>Getters of the transaction, in every form of call and at every stage.</summary>
public sealed class ContextTests
{
    private readonly Site _site = new();

    [Theory]
    [InlineData("client_address()", "192.0.2.7:40001")]
    [InlineData("client_ip()", "192.0.2.7")]
    [InlineData("client_port()", "40001")]
    [InlineData("server_address()", "[2001:db8::25]:25")]
    [InlineData("server_ip()", "2001:db8::25")]
    [InlineData("server_port()", "25")]
    [InlineData("server_name()", "testserver.com")]
    [InlineData("connection_timestamp()", "1772600767")]
    [InlineData("mail_timestamp()", "1772600769")]
    [InlineData("is_secured()", "false")]
    [InlineData("tls_version()", "")]
    [InlineData("tls_cipher()", "")]
    [InlineData("is_authenticated()", "false")]
    [InlineData("helo()", "client.example.com")]
    [InlineData("mail_from()", "john.doe@example.com")]
    [InlineData("rcpt()", "blue@elsewhere.net")]
    [InlineData("rcpt_list()", "[green@example.com, blue@elsewhere.net]")]
    [InlineData("message_id()", "0123456789abcdef")]
    [InlineData("ctx()", "MailContext")]
    [InlineData("srv()", "Server")]
    [InlineData("client_ip().to_debug()", "\"192.0.2.7\"")]
    [InlineData("client_ip() is \"192.0.2.7\"", "true")]
    [InlineData("\"192.0.2.8\" not client_ip()", "true")]
    [InlineData("client_port() == 40001", "true")]
    [InlineData("ctx().client_ip", "192.0.2.7")]
    [InlineData("ctx().client_ip()", "192.0.2.7")]
    [InlineData("sys::client_ip(ctx())", "192.0.2.7")]
    [InlineData("ctx().mail_from.domain", "example.com")]
    [InlineData("ctx().mail_from.local_part", "john.doe")]
    [InlineData("mail_from().get_domain()", "example.com")]
    [InlineData("ctx().rcpt_list.domains", "[example.com, elsewhere.net]")]
    [InlineData("rcpt_list().local_parts", "[green, blue]")]
    [InlineData("object g identifier = \"green\"; g in rcpt_list().local_parts", "true")]
    [InlineData("object d fqdn = \"ELSEWHERE.net\"; d in rcpt_list().domains", "true")]
    [InlineData("rcpt_list().get_domains()", "[example.com, elsewhere.net]")]
    [InlineData("get_domains([mail_from()])[0] == \"EXAMPLE.com\"", "true")]
    [InlineData("mail_from().get_local_part()", "john.doe")]
    [InlineData("rcpt_list().get_local_parts()", "[green, blue]")]
    [InlineData("[mail_from(), rcpt()].local_parts", "[john.doe, blue]")]
    [InlineData("[mail_from(), rcpt()].domains", "[example.com, elsewhere.net]")]
    [InlineData("rcpt_list().len()", "2")]
    [InlineData("rcpt_list()[0]", "green@example.com")]
    [InlineData("rcpt_list()[-1].domain", "elsewhere.net")]
    [InlineData("let n = 0; for r in rcpt_list() { if r.domain == \"example.com\" { n += 1; } }; n", "1")]
    [InlineData("rcpt_list().filter(|r| r.domain == \"example.com\")", "[green@example.com]")]
    [InlineData("rcpt_list().map(|r, i| `${i}${r.local_part}`)", "[\"0green\", \"1blue\"]")]
    [InlineData("rcpt_list().some(|r| r.domain == \"elsewhere.net\")", "true")]
    [InlineData("rcpt_list().all(|r| r.domain == \"elsewhere.net\")", "false")]
    [InlineData("rcpt_list().some(|r| 5)", "error: the function must give a boolean, not a value of type i64")]
    [InlineData("hostname() == \"\"", "false")]
    [InlineData("date()", "2026-03-04")]
    [InlineData("time()", "05:06:07")]
    [InlineData("toml::server.domain", "testserver.com")]
    [InlineData("toml::server.virtual[\"example.com\"].tls.protocol_version", "[\"TLSv1.3\"]")]
    [InlineData("toml::server.client_count_max + 1", "1001")]
    [InlineData("toml::app.dirpath", "/var/lib/vsmtp")]
    [InlineData("toml::app.nothing == ()", "true")]
    [InlineData("user_exist(\"root\")", "true")]
    [InlineData("object u identifier = \"nobody-of-that-name\"; user_exist(u)", "false")]
    [InlineData("user_exist(\"roo\")", "false")]
    public async Task A_getter_gives_the_value(string script, string text) => Assert.Equal(text, await _site.EvalAsync(script));

    [Fact]
    public async Task A_client_under_TLS_that_has_authenticated_is_known_to_be_and_the_server_has_the_name_it_asked_for()
    {
        var context = new RuleContext
        {
            Client = IPEndPoint.Parse("192.0.2.7:5"), Server = IPEndPoint.Parse("192.0.2.1:25"), ServerName = "sni.example.com",
            ConnectedAt = Site.Now, Log = new ListLog(), IsSecured = true, IsAuthenticated = true,
            TlsVersion = "TLSv1.3", TlsCipher = "TLS_AES_256_GCM_SHA384",
        };

        Assert.Equal("true true sni.example.com", await _site.EvalAsync("`${is_secured()} ${is_authenticated()} ${server_name()}`", context, Stage.Connect));
        Assert.Equal("TLSv1.3 TLS_AES_256_GCM_SHA384", await _site.EvalAsync("`${tls_version()} ${ctx::tls_cipher()}`", context, Stage.Connect));
        Assert.Equal("true true", await _site.EvalAsync("`${ctx::is_secured()} ${auth::is_authenticated()}`", context, Stage.Connect));
    }

    [Theory]
    [InlineData("in_domain(mail_from())", "true")]
    [InlineData("in_domain(rcpt())", "false")]
    [InlineData("in_domain(\"testserver.com\")", "true")]
    [InlineData("in_domain(server_name())", "true")]
    [InlineData("in_domain(\"OTHER.org\")", "true")]
    [InlineData("in_domain(\"john@other.org\")", "false")]
    [InlineData("in_domain(\"nowhere.org\")", "false")]
    [InlineData("object f fqdn = \"other.org\"; in_domain(f)", "true")]
    [InlineData("in_domain(5)", "false")]
    public async Task Domains_of_the_server_are_known(string script, string text) => Assert.Equal(text, await _site.EvalAsync(script));

    [Fact]
    public async Task A_client_in_ipv6_clothes_is_an_ipv4_client()
    {
        var context = new RuleContext
        {
            Client = IPEndPoint.Parse("[::ffff:192.0.2.7]:5"), Server = IPEndPoint.Parse("[fe80::1%3]:25"),
            ServerName = "x", ConnectedAt = Site.Now, Log = new ListLog(),
        };

        Assert.Equal("192.0.2.7", await _site.EvalAsync("client_ip()", context, Stage.Connect));
        Assert.Equal("192.0.2.7:5", await _site.EvalAsync("client_address()", context, Stage.Connect));
        Assert.Equal("fe80::1", await _site.EvalAsync("server_ip()", context, Stage.Connect));
    }

    [Theory]
    [InlineData("helo()", "helo", "helo")]
    [InlineData("ctx().helo", "helo", "helo")]
    [InlineData("mail_from()", "mail_from", "mail")]
    [InlineData("rcpt()", "rcpt", "rcpt")]
    [InlineData("mail_timestamp()", "mail_timestamp", "mail")]
    [InlineData("message_id()", "message_id", "mail")]
    public async Task Reading_too_early_is_an_error_that_names_field_and_stage(string script, string field, string stage)
    {
        var outcome = await _site.RunAsync($"log(\"info\", {script}); next()", Site.Connection(), Stage.Connect);

        Assert.Equal(RuleStatusKind.Deny, outcome.Status);
        Assert.Contains($"`{field}` is not defined", outcome.Failure!.Message, StringComparison.Ordinal);
        Assert.Contains($"the first stage that has it is `{stage}`", outcome.Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Such_an_error_can_be_caught_as_a_string()
    {
        var text = await _site.EvalAsync(
            "let m = \"\"; try { message_id() } catch (e) { m = e; }; \"`message_id` is not defined\" in m", Site.Connection(), Stage.Connect);

        Assert.Equal("true", text);
    }

    [Theory]
    [InlineData("rcpt_list()", "[]")]
    [InlineData("rcpt_list().len()", "0")]
    [InlineData("has_header(\"X\")", "false")]
    [InlineData("get_header(\"X\")", "")]
    [InlineData("count_header(\"X\")", "0")]
    [InlineData("remove_header(\"X\")", "false")]
    public async Task Lists_are_empty_before_there_is_anything(string script, string text) =>
        Assert.Equal(text, await _site.EvalAsync(script, Site.Connection(), Stage.Connect));

    [Theory]
    [InlineData("mail_from()", "")]
    [InlineData("mail_from() == \"\"", "true")]
    [InlineData("mail_from() == \"<>\"", "true")]
    [InlineData("mail_from() == \"a@b.org\"", "false")]
    [InlineData("mail_from().domain", "")]
    [InlineData("mail_from().local_part", "")]
    [InlineData("in_domain(mail_from())", "false")]
    [InlineData("\"\" in mail_from()", "false")]
    [InlineData("object g group = [ object a address = \"a@b.org\" ]; mail_from() in g", "false")]
    public async Task The_null_sender_is_an_address_with_an_empty_text(string script, string text)
    {
        var context = Site.Transaction();
        context.Sender = ReversePath.Null;

        Assert.Equal(text, await _site.EvalAsync(script, context));
    }

    [Fact]
    public async Task A_handle_of_the_wrong_kind_is_an_error()
    {
        Assert.Equal("error: the first argument of `sys::has_header` must be msg()", await _site.EvalAsync("sys::has_header(ctx(), \"X\")"));
    }

    [Fact]
    public async Task Logs_have_levels_and_an_unknown_one_is_a_warning_that_quotes_it()
    {
        var log = new ListLog();

        await _site.RunAsync(
            """
            for l in ["trace", "DEBUG", "Info", "warn", "error"] { log(l, l); }
            log("loud", "text"); log("3", "text"); log("info", rcpt()); log(new_address("a@b.org"), 5); print("printed"); next()
            """,
            Site.Transaction(log: log));

        Assert.Equal(
            [
                (RuleLogLevel.Trace, "trace"), (RuleLogLevel.Debug, "DEBUG"), (RuleLogLevel.Info, "Info"), (RuleLogLevel.Warn, "warn"),
                (RuleLogLevel.Error, "error"), (RuleLogLevel.Warn, "unknown log level `loud`: text"),
                (RuleLogLevel.Warn, "unknown log level `3`: text"), (RuleLogLevel.Info, "blue@elsewhere.net"),
                (RuleLogLevel.Warn, "unknown log level `a@b.org`: 5"), (RuleLogLevel.Info, "printed"),
            ],
            log.Lines);
    }

    [Theory]
    [InlineData("check_spf(\"both\")", "SPF")]
    [InlineData("check_spf(\"both\", \"soft\")", "SPF")]
    [InlineData("verify_dkim()", "DKIM")]
    [InlineData("sign_dkim(\"s\")", "DKIM")]
    [InlineData("sign_dkim(\"s\", [\"From\"], \"simple/relaxed\")", "DKIM")]
    [InlineData("dkim_sign(\"s\", [\"From\"])", "DKIM")]
    [InlineData("dkim::sign(#{ selector: \"s\" })", "DKIM")]
    [InlineData("dkim::has_result()", "DKIM")]
    [InlineData("dkim::result()", "DKIM")]
    [InlineData("dkim::store(#{ status: \"pass\" })", "DKIM")]
    [InlineData("dkim::get_private_keys(\"example.com\")", "DKIM")]
    [InlineData("check_dmarc()", "DMARC")]
    [InlineData("dkim_verify()", "DKIM")]
    [InlineData("msg().verify_dkim()", "DKIM")]
    [InlineData("sys::check_dmarc(ctx())", "DMARC")]
    [InlineData("spf::check_raw()", "SPF")]
    [InlineData("send_mail(\"a@b.org\", [], \"/x\", \"localhost\")", "sending mails")]
    public async Task What_is_built_later_says_so(string call, string part)
    {
        var result = await _site.EvalAsync(call);

        Assert.Contains("is built later, with", result, StringComparison.Ordinal);
        Assert.Contains(part, result, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Top_levels_see_configuration_and_print_to_the_load_log()
    {
        var log = new ListLog();
        var site = new Site { Options = _site.Options with { LoadLog = log } };

        var set = await site.LoadGoodAsync("print(toml::server.domain); log(\"warn\", in_domain(\"other.org\")); #{}");

        Assert.Equal([(RuleLogLevel.Info, "testserver.com"), (RuleLogLevel.Warn, "true")], log.Lines);
        Assert.Empty(set[Stage.Mail]);
    }
}
