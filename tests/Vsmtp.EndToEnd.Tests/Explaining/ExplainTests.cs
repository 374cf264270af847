using System.Text.Json;
using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Explaining;

/// <summary><c>vsmtp explain</c>: what the rules would do with a mail, without a server.</summary>
public sealed class ExplainTests : IDisposable
{
    private const string Rules = """
        import "service" as service;
        #{
            rcpt: [
                rule "only ours" || {
                    if rcpt().domain == "example.com" { next() } else { info("550 5.7.1 not ours") }
                },
            ],
            preq: [
                action "mark" || append_header("X-Seen", "yes"),
            ],
            postq: [
                delegate service::clamsmtpd "scan" #{
                    evaluate: || {
                        if has_header("X-Virus-Infected") && helo() != "trusted.example.net" {
                            quarantine("virus_q")
                        } else {
                            next()
                        }
                    },
                    unscanned: || deny(),
                },
                rule "size" || switch get_header("Subject") { "big" => deny(), "bad" => throw "no", _ => next() },
            ],
            delivery: [
                rule "copy" || { bcc("archive@example.com"); forward_all("192.0.2.7"); next() },
            ],
        }
        """;

    private readonly TestSite _site = new(Rules);

    public ExplainTests() => _site.WriteService("""proof: ["X-Virus-Scanned", "X-Virus-Infected"],""");

    public void Dispose() => _site.Dispose();

    [Fact]
    public async Task Stops_where_a_service_is_to_be_asked_and_says_how_to_go_on()
    {
        var text = await ExplainAsync(Mail("hello"), []);
        Assert.Contains("rcpt <jane@example.com>: next", text);
        Assert.Contains("if rcpt().domain == \"example.com\" is true (main.vsl:5:16)", text);
        Assert.Contains("header at the end: X-Seen: yes", text);
        Assert.Contains($"it sleeps until clamsmtpd at 127.0.0.1:{_site.ServicePort} has had it (--returned FILE", text);
        Assert.DoesNotContain("delivery", text);
    }

    [Fact]
    public async Task Goes_on_with_what_the_service_brings_back_and_names_what_decided()
    {
        var text = await ExplainAsync(Mail("hello"), [Mail("hello", "X-Virus-Infected: Eicar")]);
        Assert.Contains("postq back from clamsmtpd: returned: quarantine", text);
        Assert.Contains("helo() is \"client.example.com\"", text);
        Assert.Contains("if has_header(\"X-Virus-Infected\") && helo() != \"trusted.example.net\" is true", text);
        Assert.Contains("decided at main.vsl:15:21: quarantine(\"virus_q\")", text);
        Assert.Contains("In the end: it is kept in quarantine/virus_q", text);
    }

    [Fact]
    public async Task A_clean_mail_goes_through_the_rules_of_delivery()
    {
        using var json = JsonDocument.Parse(await ExplainAsync(Mail("hello"), [Mail("hello", "X-Virus-Scanned: yes")], "--json"));
        Assert.Equal("deliver", json.RootElement.GetProperty("queue").GetString());
        Assert.Equal(
            ["jane@example.com by forward to 192.0.2.7", "archive@example.com by forward to 192.0.2.7"],
            json.RootElement.GetProperty("recipients").EnumerateArray()
                .Select(one => $"{one.GetProperty("address").GetString()} by {one.GetProperty("transport").GetString()}"));
        Assert.Equal(
            ["connect", "helo", "mail", "rcpt", "preq", "postq", "postq", "delivery"],
            json.RootElement.GetProperty("stages").EnumerateArray().Select(stage => stage.GetProperty("stage").GetString()));
    }

    [Fact]
    public async Task Rules_that_read_the_body_read_the_one_that_is_there_at_that_time()
    {
        _site.Write("main.vsl", """
            import "service" as service;
            #{
                preq: [ rule "before" || if "All is well." in mail() { next() } else { deny() } ],
                postq: [ delegate service::clamsmtpd "scan" || if "made harmless" in mail() { quarantine("seen") } else { next() } ],
            }
            """);
        var returned = Mail("hello", "X-Virus-Scanned: yes").Replace("All is well.", "made harmless", StringComparison.Ordinal);
        Assert.Contains("it is kept in quarantine/seen", await ExplainAsync(Mail("hello"), [returned]));
    }

    [Fact]
    public async Task What_comes_back_without_proof_is_unscanned_and_its_handler_decides()
    {
        var text = await ExplainAsync(Mail("hello"), [Mail("hello")]);
        Assert.Contains("postq back from clamsmtpd: unscanned: deny", text);
        Assert.Contains("handler unscanned): deny", text);
        Assert.Contains("kept in dead for five days", text);
    }

    [Fact]
    public async Task A_script_error_is_no_verdict_and_is_named_with_its_place()
    {
        var text = await ExplainAsync(Mail("bad"), [Mail("bad", "X-Virus-Scanned: yes")]);
        Assert.Contains("if get_header(\"Subject\") is \"bad\"", text);
        Assert.Contains("script error", text);
        Assert.Contains("main.vsl:22", text);
        Assert.Contains("kept in quarantine/script-error", text);
    }

    [Fact]
    public async Task A_recipient_that_is_refused_is_left_out_and_none_left_ends_it()
    {
        var path = WriteMail("one.eml", Mail("hello"));
        var (code, text, _) = await ServerProcess.RunAsync(
            "explain", "-c", _site.ConfigFile, "--eml", path, "--from", "<>", "--rcpt", "jane@example.com", "--rcpt", "joe@example.net");
        Assert.Equal(0, code);
        Assert.Contains("rcpt <joe@example.net>: info, with the reply 550 5.7.1 not ours", text);
        Assert.Contains("it sleeps until", text);
        Assert.DoesNotContain("to <joe@example.net>", text);

        (_, text, _) = await ServerProcess.RunAsync(
            "explain", "-c", _site.ConfigFile, "--eml", path, "--from", "a@example.org", "--rcpt", "joe@example.net");
        Assert.Contains("the client is refused: no recipient was accepted", text);
    }

    [Fact]
    public async Task A_verdict_that_holds_for_all_stages_ends_the_rules_and_keeps_the_recipients()
    {
        _site.Write("main.vsl", "#{ helo: [ rule \"known\" || if helo() == \"client.example.com\" { faccept() } else { next() } ], rcpt: [ rule \"none\" || deny() ] }");
        var text = await ExplainAsync(Mail("hello"), []);
        Assert.Contains("helo: forceaccept", text);
        Assert.Contains("it is delivered, and no further rule runs", text);
        Assert.Contains("to <jane@example.com> by deliver", text);
        Assert.DoesNotContain("\nrcpt", text);
    }

    [Theory]
    [InlineData(2, "--from 'nobody' is no mail address", "--from", "nobody", "--rcpt", "jane@example.com")]
    [InlineData(2, "--client 'here' is no IP address", "--from", "", "--rcpt", "jane@example.com", "--client", "here")]
    [InlineData(2, "Option '--rcpt' is required", "--from", "")]
    public async Task What_cannot_be_a_mail_is_said(int exitCode, string fault, params string[] options)
    {
        var path = WriteMail("one.eml", Mail("hello"));
        var (code, _, error) = await ServerProcess.RunAsync(["explain", "-c", _site.ConfigFile, "--eml", path, .. options]);
        Assert.Equal(exitCode, code);
        Assert.Contains(fault, error);
    }

    [Fact]
    public async Task A_file_that_is_not_there_and_rules_with_errors_are_named()
    {
        var (code, _, error) = await ServerProcess.RunAsync(
            "explain", "-c", _site.ConfigFile, "--eml", "/nowhere.eml", "--from", "", "--rcpt", "jane@example.com");
        Assert.Equal(1, code);
        Assert.Contains("/nowhere.eml", error);

        _site.Write("main.vsl", "#{ postq: [ rule \"a\" || { ]");
        (code, _, error) = await ServerProcess.RunAsync(
            "explain", "-c", _site.ConfigFile, "--eml", WriteMail("one.eml", Mail("x")), "--from", "", "--rcpt", "jane@example.com");
        Assert.Equal(1, code);
        Assert.Contains("main.vsl:1:", error);
    }

    private static string Mail(string subject, string? header = null) =>
        (header is null ? "" : header + "\n") + $"From: john@example.org\nTo: jane@example.com\nSubject: {subject}\n\nAll is well.\n";

    [Fact]
    public async Task A_client_under_TLS_that_has_authenticated_can_be_tried()
    {
        _site.Write("main.vsl", """
            #{
                connect: [ rule "TLS" || if is_secured() && tls_version() == "TLSv1.3" { next() } else { deny("554 5.7.1 in clear") } ],
                mail: [ rule "who" || if is_authenticated() && auth().authid == "alice" { next() } else { deny("553 5.7.1 not yours") } ],
            }
            """);
        Assert.Contains("554 5.7.1 in clear", await ExplainAsync(Mail("hello"), []));
        Assert.Contains("553 5.7.1 not yours", await ExplainAsync(Mail("hello"), [], "--tls"));
        Assert.Contains("553 5.7.1 not yours", await ExplainAsync(Mail("hello"), [], "--tls", "--user", "bob"));
        var text = await ExplainAsync(Mail("hello"), [], "--tls", "--user", "alice");
        Assert.DoesNotContain("5.7.1", text);
        Assert.Contains("mail: next", text);
    }

    private async Task<string> ExplainAsync(string mail, string[] returned, params string[] more)
    {
        var files = returned.Select((text, i) => WriteMail($"returned-{i}.eml", text)).SelectMany(path => (string[])["--returned", path]);
        var (code, output, error) = await ServerProcess.RunAsync([
            "explain", "-c", _site.ConfigFile, "--eml", WriteMail("mail.eml", mail), "--from", "john@example.org", "--rcpt", "jane@example.com",
            .. files, .. more]);
        Assert.True(code == 0, error);
        return output;
    }

    private string WriteMail(string name, string text)
    {
        _site.Write(name, text);
        return Path.Combine(_site.Folder, name);
    }
}
