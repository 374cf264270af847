using System.Collections.Concurrent;
using System.Net;
using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Delegation;

/// <summary>A site whose rules write down, behind the delegation, whom they take for the client.</summary>
public sealed class OriginSite() : RunningSite("""
    import "service" as service;

    #{
        postq: [
            delegate service::clamsmtpd "scan" || next(),
            rule "who was it" || { append_header("X-Client", `${helo()} ${client_ip()}`); next() },
        ],
    }
    """, """
    proof: ["X-Scanned"],
    retry: #{ first: "1s", max: "1s", give_up: "1h" },
    """, options: ["--set", $"server.interfaces.xforward=[\"{ServerBefore}\"]"])
{
    /// <summary>Where a server is that may say where its mails come from.</summary>
    public const string ServerBefore = "127.0.0.3";
}

/// <summary>XFORWARD: what a service is told of a mail's client, and that nothing comes of what it tells.</summary>
public sealed class OriginTests(OriginSite site) : IClassFixture<OriginSite>, IAsyncLifetime
{
    private readonly OriginSite _site = site;

    /// <summary>Each test has a connection of its own: one on which XFORWARD was refused for good is not told again.</summary>
    public async ValueTask InitializeAsync()
    {
        await _site.StopServiceAsync();
        _site.StartService();
        _site.Relay.Reset();
        _site.Service.Announced = ["DSN", "XFORWARD NAME ADDR PORT PROTO HELO IDENT SOURCE", "SMTPUTF8"];
        _site.Service.OnMail = async mail => await _site.Returning.ReturnAsync(mail);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_service_that_announces_it_is_told_each_mails_client_and_id()
    {
        var told = new ConcurrentQueue<string>();
        _site.Service.OnCommand = command =>
        {
            if (command.StartsWith("XFORWARD", StringComparison.Ordinal)) told.Enqueue(command);
            return "250 2.0.0 Ok";
        };
        var expected = new List<string>();
        foreach (var helo in (string[])["one.example.org", "two.example.org"])
        {
            var (smtp, _) = await RawSmtp.ConnectAsync(_site.Site.ClientPort);
            using var client = smtp;
            await smtp.AskAsync($"EHLO {helo}");
            var id = RawSmtp.IdOf(await smtp.SendMailAsync("john@example.org", ["jane@example.com"], Messages.Clean(helo)));
            await _site.DeliveredAsync(id, helo);
            var port = smtp.End.Split(':')[^1];
            expected.Add($"XFORWARD NAME=[UNAVAILABLE] ADDR=127.0.0.1 PORT={port} PROTO=ESMTP HELO={helo} IDENT={id} SOURCE=REMOTE");
        }

        Assert.Equal(expected, told);
    }

    [Theory]
    [InlineData("550 5.7.0 not from you")]
    [InlineData("451 4.3.0 not now")]
    public async Task A_service_that_refuses_it_scans_the_mail_all_the_same(string refusal)
    {
        _site.Service.OnCommand = command => command.StartsWith("XFORWARD", StringComparison.Ordinal) ? refusal : "250 2.0.0 Ok";
        var subject = $"refused {refusal[..3]}";
        var id = await _site.SendAsync(Messages.Clean(subject));

        await _site.DeliveredAsync(id, subject);
        Assert.DoesNotContain((await _site.Server.Api.FindAsync(id))!.Events, e => e.What == "retry");
    }

    [Fact]
    public async Task What_a_service_tells_at_the_receiver_changes_nothing_about_the_mail()
    {
        _site.Service.OnMail = async mail =>
        {
            using var smtp = await RawSmtp.OpenAsync(_site.Site.ReceiverPort);
            Assert.StartsWith("250", await smtp.AskAsync("XFORWARD NAME=evil.example ADDR=203.0.113.9 PORT=9 PROTO=SMTP HELO=evil.example"));
            Assert.StartsWith("250", await smtp.AskAsync("XFORWARD IDENT=another SOURCE=LOCAL"));
            return await ReturningService.ReturnAsync(smtp, mail.Commands, Messages.WithHeader(mail.Text, "X-Scanned", "clean"));
        };
        var id = await _site.SendAsync(Messages.Clean("told otherwise"));

        var delivered = await _site.DeliveredAsync(id, "told otherwise");
        Assert.Equal("client.example.org 127.0.0.1", delivered.Header("X-Client"));
        Assert.DoesNotContain("203.0.113.9", delivered.Text);
        Assert.DoesNotContain("evil", delivered.Text);
    }

    [Fact]
    public async Task The_receiver_offers_it_and_no_tls_and_takes_it_between_mails_only()
    {
        using var smtp = await RawSmtp.OpenAsync(_site.Site.ReceiverPort);
        var offered = (await smtp.AskAsync("EHLO filter.example")).Split('\n').Select(line => line[4..]).ToList();

        Assert.Contains("XFORWARD NAME ADDR PORT PROTO HELO IDENT SOURCE", offered);
        Assert.DoesNotContain(offered, line => line.Split(' ')[0] is "STARTTLS" or "PIPELINING" or "CHUNKING");
        Assert.StartsWith("501", await smtp.AskAsync("XFORWARD ADDR=[127.0.0.1]"));
        Assert.StartsWith("250", await smtp.AskAsync("MAIL FROM:<john@example.org>"));
        Assert.StartsWith("503", await smtp.AskAsync("XFORWARD ADDR=127.0.0.1"));
        Assert.StartsWith("250", await smtp.AskAsync("RSET"));
        Assert.StartsWith("250", await smtp.AskAsync("XFORWARD ADDR=127.0.0.1"));
    }

    [Fact]
    public async Task What_a_server_before_ours_tells_of_a_mail_is_for_that_mail_for_logs_and_for_services()
    {
        var told = new ConcurrentQueue<string>();
        _site.Service.OnCommand = command =>
        {
            if (command.StartsWith("XFORWARD", StringComparison.Ordinal)) told.Enqueue(command);
            return "250 2.0.0 Ok";
        };
        using var smtp = await RawSmtp.ConnectFromAsync(IPAddress.Parse(OriginSite.ServerBefore), _site.Site.ClientPort);
        await smtp.ReadReplyAsync();
        Assert.Contains("XFORWARD NAME ADDR PORT PROTO HELO IDENT SOURCE", await smtp.AskAsync("EHLO front.example"), StringComparison.Ordinal);
        Assert.StartsWith("250", await smtp.AskAsync("XFORWARD NAME=far.example ADDR=IPV6:2001:db8::9 PORT=999 PROTO=ESMTPS"));
        Assert.StartsWith("250", await smtp.AskAsync("XFORWARD HELO=far.helo.example IDENT=4F2A SOURCE=REMOTE"));
        var first = RawSmtp.IdOf(await smtp.SendMailAsync("john@example.org", ["jane@example.com"], Messages.Clean("told before")));
        var delivered = await _site.DeliveredAsync(first, "told before");
        var second = RawSmtp.IdOf(await smtp.SendMailAsync("john@example.org", ["jane@example.com"], Messages.Clean("not told")));
        await _site.DeliveredAsync(second, "not told");

        // Who connected is not changed by it, neither for rules nor in the trace.
        Assert.Equal($"front.example {OriginSite.ServerBefore}", delivered.Header("X-Client"));
        Assert.StartsWith($"from front.example ([{OriginSite.ServerBefore}])", delivered.Header("Received"), StringComparison.Ordinal);
        Assert.Equal(
            [
                "XFORWARD NAME=far.example ADDR=IPV6:2001:db8::9 PORT=999 PROTO=ESMTPS HELO=far.helo.example IDENT=4F2A SOURCE=REMOTE",
                $"XFORWARD NAME=[UNAVAILABLE] ADDR={OriginSite.ServerBefore} PORT={smtp.End.Split(':')[^1]} PROTO=ESMTP HELO=front.example IDENT={second} SOURCE=REMOTE",
            ], told);
        Assert.EndsWith(", who has it from far.example [2001:db8::9]:999 (far.helo.example)", await ReceivedAsync(first), StringComparison.Ordinal);
        Assert.DoesNotContain("who has it", await ReceivedAsync(second), StringComparison.Ordinal);

        async Task<string> ReceivedAsync(string id) => (await _site.Server.Api.FindAsync(id))!.Events.Single(e => e.What == "received").Why;
    }

    [Fact]
    public async Task Ordinary_clients_are_not_offered_it()
    {
        using var smtp = await RawSmtp.OpenAsync(_site.Site.ClientPort);

        Assert.DoesNotContain("XFORWARD", await smtp.AskAsync("EHLO client.example.org"));
        Assert.StartsWith("502", await smtp.AskAsync("XFORWARD ADDR=203.0.113.9 HELO=evil.example"));
        var reply = await smtp.SendMailAsync("john@example.org", ["jane@example.com"], Messages.Clean("pretender"));
        var delivered = await _site.DeliveredAsync(RawSmtp.IdOf(reply), "pretender");
        Assert.Equal("client.example.org 127.0.0.1", delivered.Header("X-Client"));
    }
}
