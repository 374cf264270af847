using System.Diagnostics;
using System.Net;
using System.Text;
using Vsmtp.EndToEnd.Tests.Support;
using Vsmtp.Gateway.Tests.Proxying;
using Vsmtp.Smtp.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Secured;

/// <summary>Mails that come under TLS (RFC 3207), as Received tells (RFC 3848).</summary>
public sealed class SecuredMailTests
{
    private const string Facts = """
        #{
            connect: [ action "connect" || log("info", `connect: ${is_secured()}, ${server_name()}, <${tls_version()}>`) ],
            helo: [ action "helo" || log("info", `helo: ${helo()}`) ],
            postq: [ action "postq" || append_header("X-Facts", `${is_secured()}, ${server_name()}, <${tls_version()} ${tls_cipher()}>`) ],
        }
        """;

    [Fact]
    public async Task Swaks_and_smtplib_send_with_STARTTLS_and_with_TLS_first()
    {
        DaemonProcess.RequireInstalled("swaks", "swaks");
        await RequirePerlTlsAsync();
        DaemonProcess.RequireInstalled("python3", "python3");
        await using var site = await TlsSite.StartAsync();
        string[] usual = ["--from", "john@example.org", "--to", "jane@example.com", "--header"];
        await DaemonProcess.RunAsync("swaks", ["--server", $"127.0.0.1:{site.Site.ClientPort}", "--tls", .. usual, "Subject: swaks STARTTLS"]);
        await DaemonProcess.RunAsync(
            "swaks", ["--server", $"127.0.0.1:{site.SubmissionsPort}", "--tls-on-connect", .. usual, "Subject: swaks first"]);
        site.Site.Write("send.py", $"""
            import smtplib, ssl
            terms = ssl.create_default_context(cafile="{site.Certificates.RootFile}")
            terms.check_hostname = False
            s = smtplib.SMTP("127.0.0.1", {site.Site.ClientPort})
            assert s.has_extn("starttls") is False
            s.ehlo()
            assert s.has_extn("starttls")
            s.starttls(context=terms)
            s.sendmail("john@example.org", ["jane@example.com"], "Subject: python STARTTLS\r\n\r\nx\r\n")
            assert not s.has_extn("starttls")
            s.quit()
            s = smtplib.SMTP_SSL("127.0.0.1", {site.SubmissionsPort}, context=terms)
            s.sendmail("john@example.org", ["jane@example.com"], "Subject: python first\r\n\r\nx\r\n")
            s.quit()
            """);
        await DaemonProcess.RunAsync("python3", Path.Combine(site.Site.Folder, "send.py"));

        await Patience.UntilAsync(() => site.Relay.Mails.Count == 4, "four mails at the relay", () => $"{site.Relay.Mails.Count}");
        Assert.Equal(
            ["python STARTTLS", "python first", "swaks STARTTLS", "swaks first"],
            site.Relay.Mails.Select(mail => mail.Header("Subject")).Order(StringComparer.Ordinal));
        Assert.All(site.Relay.Mails, mail => Assert.Matches(
            @"^from \S+ \(\[127\.0\.0\.1\]\) by mx\.example\.com with ESMTPS id \S+ \(version=TLSv1\.3 cipher=(TLS_\w+)\) tls \1; ",
            mail.Header("Received")!));
    }

    [Fact]
    public async Task Rules_and_the_trace_know_how_a_mail_came_and_the_rules_of_connect_run_again()
    {
        await using var site = await TlsSite.StartAsync(Facts);
        using (var client = await site.OpenAsync("D.example.org"))
        {
            await client.AskAsync("EHLO a.example");
            Assert.StartsWith("250", await SendAsync(client, "under TLS"), StringComparison.Ordinal);
            await client.AskAsync("QUIT");
        }

        using (var client = await site.OpenAsync("nobody.example.net"))
        {
            await client.AskAsync("EHLO b.example");
            await client.AskAsync("QUIT");
        }

        var clear = await site.SendAsync(Messages.Clean("in clear"));
        Assert.Equal("false, mx.example.com, < >", (await site.DeliveredAsync(clear, "in clear")).Header("X-Facts"));
        await Patience.UntilAsync(() => site.Relay.Mails.Count == 2, "both mails at the relay");
        var secured = Assert.Single(site.Relay.Mails, mail => mail.Header("Subject") == "under TLS");
        Assert.Matches("^true, d\\.example\\.org, <TLSv1\\.3 TLS_[A-Z0-9_]+>$", secured.Header("X-Facts"));
        Assert.Contains("by mx.example.com with ESMTPS id", secured.Header("Received"), StringComparison.Ordinal);
        var log = SharedFile.ReadAllText(Directory.EnumerateFiles(Path.Combine(site.Site.Folder, "log"), "app*").Single());
        Assert.Equal(
            ["connect: false, mx.example.com, <>", "connect: true, d.example.org, <TLSv1.3>", "helo: a.example", "connect: false, mx.example.com, <>",
                "connect: true, mx.example.com, <TLSv1.3>", "helo: b.example", "connect: false, mx.example.com, <>", "helo: client.example.org"],
            log.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line[(line.IndexOf(": ", StringComparison.Ordinal) + 2)..]));
    }

    [Fact]
    public async Task A_mail_of_megabytes_goes_through_byte_for_byte()
    {
        await using var site = await TlsSite.StartAsync();
        var random = new Random(1);
        string Line() => new string('.', random.Next(0, 3)) + new string((char)random.Next('!', 'ÿ'), random.Next(0, 200)) + "\r\n";
        var body = string.Concat(Enumerable.Range(0, 40_000).Select(_ => Line()));
        var message = $"Subject: large\r\n\r\n{body}";
        using var client = await site.OpenAsync();
        await client.AskAsync("EHLO a.example");
        Assert.StartsWith("250", await SendAsync(client, message: message), StringComparison.Ordinal);
        await Patience.UntilAsync(() => site.Relay.Mails.Count == 1, "the mail is at the relay");
        Assert.Equal(message, site.Relay.Mails.Single().TextBelowTrace);
    }

    [Fact]
    public async Task Commands_in_clear_behind_STARTTLS_have_no_effect_and_end_the_connection()
    {
        await using var site = await TlsSite.StartAsync(Facts);
        using var smtp = await RawSmtp.OpenAsync(site.Site.ClientPort);
        await smtp.SendAsync("STARTTLS\r\nEHLO evil.example\r\nMAIL FROM:<evil@evil.example>\r\n");
        Assert.Equal("503 5.5.1 Bad sequence of commands: nothing may follow STARTTLS\r\n", await smtp.ReadToEndAsync());
        var log = SharedFile.ReadAllText(Directory.EnumerateFiles(Path.Combine(site.Site.Folder, "log"), "app*").Single());
        Assert.DoesNotContain("evil", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_TLS_is_required_MAIL_in_clear_is_530_and_receivers_are_as_they_were()
    {
        await using var site = new TlsSite(RunningSite.OneDelegation, TlsSite.Usual.Replace("\"May\"", "\"Encrypt\"", StringComparison.Ordinal));
        site.Site.WriteService();
        await site.InitializeAsync();
        using (var smtp = await RawSmtp.OpenAsync(site.Site.ClientPort))
        {
            Assert.Equal("530 5.7.0 Must issue a STARTTLS command first", await smtp.AskAsync("MAIL FROM:<john@example.org>"));
            Assert.StartsWith("250", await smtp.AskAsync("NOOP"), StringComparison.Ordinal);
            await smtp.AskAsync("QUIT");
        }

        using var client = await site.OpenAsync();
        await client.AskAsync("EHLO a.example");
        Assert.StartsWith("250", await SendAsync(client, "required"), StringComparison.Ordinal);

        await Patience.UntilAsync(() => site.Service.Mails.Count == 1, "the mail is at the service");
        using (var back = await RawSmtp.OpenAsync(site.Site.ReceiverPort))
        {
            Assert.DoesNotContain("STARTTLS", await back.AskAsync("EHLO service.example.org"), StringComparison.Ordinal);
            Assert.StartsWith("454 4.7.0", await back.AskAsync("STARTTLS"), StringComparison.Ordinal);
            var mail = site.Service.Mails.Single();
            Assert.StartsWith("250", await ReturningService.ReturnAsync(back, mail.Commands, mail.Text), StringComparison.Ordinal);
        }

        await Patience.UntilAsync(() => site.Relay.Mails.Count == 1, "the mail is at the relay");
    }

    [Fact]
    public async Task Who_says_nothing_where_TLS_comes_first_is_closed_without_a_word_and_so_is_who_speaks_in_clear()
    {
        await using var site = await TlsSite.StartAsync(keys: TlsSite.Usual.Replace("30s", "300ms", StringComparison.Ordinal));
        using var silent = await RawSmtp.ConnectFromAsync(IPAddress.Loopback, site.SubmissionsPort);
        Assert.Equal("", await silent.ReadToEndAsync());
        using var clear = await RawSmtp.ConnectFromAsync(IPAddress.Loopback, site.SubmissionsPort, "EHLO client.example.org\r\n"u8.ToArray());
        Assert.DoesNotContain("220", await clear.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Behind_a_balancer_TLS_begins_behind_the_PROXY_header()
    {
        await using var site = new TlsSite(Facts);
        site.Server.Settings.Add("server.interfaces.balancers=[\"127.0.0.0/8\"]");
        await site.Server.StartAsync();
        foreach (var port in new[] { site.SubmissionsPort, site.Site.ClientPort })
        {
            using var client = await TlsClient.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port));
            await client.SendAsync(Encoding.Latin1.GetString(ProxyBytes.Relay("192.0.2.7:4711")));
            if (port == site.Site.ClientPort)
            {
                await client.ReadReplyAsync();
                await client.AskAsync("STARTTLS");
            }

            await client.SecureAsync("d.example.org");
            if (port == site.SubmissionsPort) await client.ReadReplyAsync();
            await client.AskAsync("EHLO a.example");
            Assert.StartsWith("250", await SendAsync(client, $"by {port}"), StringComparison.Ordinal);
            await client.AskAsync("QUIT");
        }

        await Patience.UntilAsync(() => site.Relay.Mails.Count == 2, "both mails at the relay");
        Assert.All(site.Relay.Mails, mail =>
        {
            Assert.StartsWith("from a.example ([192.0.2.7]) by mx.example.com with ESMTPS id", mail.Header("Received"), StringComparison.Ordinal);
            Assert.StartsWith("true, d.example.org, <TLSv1.3 ", mail.Header("X-Facts"), StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task A_connection_too_many_where_TLS_comes_first_is_closed_without_words_that_it_could_not_read()
    {
        await using var site = new TlsSite();
        site.Server.Settings.Add("server.client_count_max=1");
        await site.Server.StartAsync();
        using var first = await site.OpenAsync();
        using var second = await RawSmtp.ConnectFromAsync(IPAddress.Loopback, site.SubmissionsPort);
        second.SayNoMore();
        Assert.Equal("", await second.ReadToEndAsync());
        using var third = await RawSmtp.ConnectFromAsync(IPAddress.Loopback, site.Site.ClientPort);
        third.SayNoMore();
        Assert.StartsWith("421", await third.ReadToEndAsync(), StringComparison.Ordinal);
    }

    /// <summary>swaks has its TLS from a module of its own package.</summary>
    private static async Task RequirePerlTlsAsync()
    {
        using var perl = Process.Start("perl", ["-MNet::SSLeay", "-e", "1"]);
        await perl.WaitForExitAsync();
        if (perl.ExitCode == 0) return;
        const string why = "swaks knows no TLS here: apt-get install --no-install-recommends libnet-ssleay-perl";
        if (Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail(why);
        Assert.Skip(why);
    }

    private static async Task<string> SendAsync(TlsClient client, string subject = "", string? message = null)
    {
        await client.AskAsync("MAIL FROM:<john@example.org>");
        await client.AskAsync("RCPT TO:<jane@example.com>");
        await client.AskAsync("DATA");
        var text = message ?? Messages.Clean(subject);
        return await client.AskAsync(("\r\n" + text).Replace("\r\n.", "\r\n..", StringComparison.Ordinal)[2..] + ".");
    }
}
