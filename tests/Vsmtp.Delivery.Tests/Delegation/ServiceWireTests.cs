using Vsmtp.Contracts.Mail;
using Vsmtp.Delivery.Delegation;
using Vsmtp.Delivery.Tests.Support;
using Vsmtp.Mail.Delegation;
using Vsmtp.Mail.Transfer;
using Vsmtp.Smtp.Tests.Client;

namespace Vsmtp.Delivery.Tests.Delegation;

/// <summary>How a service is spoken to: whom it is told a mail comes from, under TLS, by LMTP.</summary>
public sealed class ServiceWireTests
{
    private const string Announced = "XFORWARD NAME ADDR PORT PROTO HELO IDENT SOURCE";

    private static MailEnvelope Client { get; } = new() { ClientAddress = "192.0.2.7:40001", Helo = "client.example", Protocol = "ESMTP" };

    private static DelegationJob From(DelegationJob job, MailEnvelope client) => job with
    {
        Envelope = job.Envelope with { ClientAddress = client.ClientAddress, Helo = client.Helo, Protocol = client.Protocol },
    };

    private static async Task<string> EndAsync(ScriptedPeer peer, Task<string> mail)
    {
        var data = await mail;
        if (await peer.ReadLineAsync() == "QUIT") await peer.SendAsync("221 bye\r\n");
        return data;
    }

    [Theory]
    [InlineData("192.0.2.7:40001", "client.example", "ESMTP", "ADDR=192.0.2.7 PORT=40001 PROTO=ESMTP HELO=client.example IDENT=? SOURCE=REMOTE")]
    [InlineData("[2001:db8::7]:25", "192.0.2.7", "SMTP", "ADDR=IPV6:2001:db8::7 PORT=25 PROTO=SMTP HELO=[192.0.2.7] IDENT=? SOURCE=REMOTE")]
    [InlineData("[fe80::7%2]:25", "2001:db8::7", "UTF8SMTP", "ADDR=IPV6:fe80::7 PORT=25 PROTO=UTF8SMTP HELO=[IPv6:2001:db8::7] IDENT=? SOURCE=REMOTE")]
    [InlineData("192.0.2.7:1", "0x7f000001", null, "ADDR=192.0.2.7 PORT=1 PROTO=[UNAVAILABLE] HELO=0x7f000001 IDENT=? SOURCE=REMOTE")]
    [InlineData("", "", null, "ADDR=[UNAVAILABLE] PORT=[UNAVAILABLE] PROTO=[UNAVAILABLE] HELO=[UNAVAILABLE] IDENT=? SOURCE=LOCAL")]
    public async Task A_service_is_told_the_client_of_the_mail_and_nothing_secret(string client, string helo, string? protocol, string told)
    {
        await using var bench = new DelegationBench();
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.GreetAsync(Announced);
            Assert.Equal(
                $"XFORWARD NAME=[UNAVAILABLE] {told.Replace("IDENT=?", $"IDENT={DelegationBench.MailId}", StringComparison.Ordinal)}",
                await peer.ExpectAsync("XFORWARD"));
            Assert.DoesNotContain(bench.Ticket.Text, peer.Lines[^1], StringComparison.Ordinal);
            await peer.SendAsync("250 Ok\r\n");
            await EndAsync(peer, peer.TakeMailAsync());
        });
        var job = From(bench.Job(DelegationBench.Service(server)), new MailEnvelope { ClientAddress = client, Helo = helo, Protocol = protocol });
        Assert.Equal(DelegationSendResult.Accepted, (await bench.SendAsync(job)).Result);
        await bench.DisposeAsync();
    }

    [Theory]
    [InlineData("m-9", "m-9")]
    [InlineData(null, null)]
    public async Task Where_a_server_before_ours_has_told_more_a_service_is_told_that_and_nothing_else(string? identity, string? told)
    {
        await using var bench = new DelegationBench();
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.GreetAsync(Announced);
            Assert.Equal(
                $"XFORWARD NAME=far.example ADDR=[UNAVAILABLE] PORT=[UNAVAILABLE] PROTO=SMTP HELO=[UNAVAILABLE] IDENT={told ?? DelegationBench.MailId} SOURCE=LOCAL",
                await peer.ExpectAsync("XFORWARD"));
            await peer.SendAsync("250 Ok\r\n");
            await EndAsync(peer, peer.TakeMailAsync());
        });
        var job = From(bench.Job(DelegationBench.Service(server)), Client);
        job = job with { Envelope = job.Envelope with { ToldOrigin = new ToldOrigin { Name = "far.example", Protocol = "SMTP", IsLocal = true, Identity = identity } } };
        Assert.Equal(DelegationSendResult.Accepted, (await bench.SendAsync(job)).Result);
        await bench.DisposeAsync();
    }

    [Fact]
    public async Task A_service_for_which_xforward_is_off_is_not_told()
    {
        await using var bench = new DelegationBench();
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.GreetAsync(Announced);
            await EndAsync(peer, peer.TakeMailAsync());
        });
        var job = From(bench.Job(DelegationBench.Service(server) with { GivesOrigin = false }), Client);
        Assert.Equal(DelegationSendResult.Accepted, (await bench.SendAsync(job)).Result);
        await bench.DisposeAsync();
    }

    [Theory]
    [InlineData("550 5.7.0 not you")]
    [InlineData("451 4.3.0 not now")]
    public async Task A_service_that_refuses_xforward_gets_the_mail_and_its_words_count(string refusal)
    {
        await using var bench = new DelegationBench();
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.GreetAsync(Announced);
            await peer.AnswerAsync("XFORWARD", $"{refusal}\r\n");
            await EndAsync(peer, peer.TakeMailAsync());
        });
        var report = await bench.SendAsync(From(bench.Job(DelegationBench.Service(server)), Client));
        Assert.Equal((DelegationSendResult.Accepted, "250 2.0.0 taken"), (report.Result, report.Detail));
        await bench.DisposeAsync();
    }

    [Fact]
    public async Task A_service_that_closes_over_xforward_failed_for_now()
    {
        await using var bench = new DelegationBench();
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.GreetAsync(Announced);
            await peer.ExpectAsync("XFORWARD");
        });
        var report = await bench.SendAsync(From(bench.Job(DelegationBench.Service(server)), Client));
        Assert.Equal(DelegationSendResult.TemporarilyFailed, report.Result);
        Assert.EndsWith("(XForward)", report.Detail, StringComparison.Ordinal);
        await bench.DisposeAsync();
    }

    [Fact]
    public async Task A_service_that_must_prove_who_it_is_gets_the_mail_under_tls()
    {
        using var certificates = new ScriptedCertificates();
        await using var bench = new DelegationBench();
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.GreetAsync("STARTTLS");
            await peer.AnswerAsync("STARTTLS", "220 go ahead\r\n");
            await peer.SecureAsync(certificates.Make("127.0.0.1"));
            await peer.TakeHelloAsync("EHLO vsmtp.example", Announced);
            await peer.AnswerAsync("XFORWARD", "250 Ok\r\n");
            await EndAsync(peer, peer.TakeMailAsync());
        });
        var service = DelegationBench.Service(server) with { Tls = TlsLevel.Verify, TlsAuthorities = certificates.Pem };
        Assert.Equal(DelegationSendResult.Accepted, (await bench.SendAsync(From(bench.Job(service), Client))).Result);
        await bench.DisposeAsync();
    }

    [Fact]
    public async Task A_service_without_the_tls_that_it_needs_is_unreachable_for_a_reason_that_can_be_read()
    {
        await using var bench = new DelegationBench();
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.GreetAsync("SIZE");
            await peer.ExpectCloseAsync();
        });
        var report = await bench.SendAsync(bench.Job(DelegationBench.Service(server) with { Tls = TlsLevel.Encrypt }));
        Assert.Equal(
            (DelegationSendResult.Unreachable, $"{server.Destination}: it does not announce STARTTLS, and nothing is sent to it without TLS"),
            (report.Result, report.Detail));
    }

    [Fact]
    public async Task A_service_that_proves_to_be_another_one_is_unreachable()
    {
        using var certificates = new ScriptedCertificates();
        await using var bench = new DelegationBench();
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.GreetAsync("STARTTLS");
            await peer.AnswerAsync("STARTTLS", "220 go ahead\r\n");
            await Assert.ThrowsAnyAsync<Exception>(async () =>
            {
                await peer.SecureAsync(certificates.Make("192.0.2.1"));
                await peer.ExpectAsync("EHLO");
            });
        });
        var service = DelegationBench.Service(server) with { Tls = TlsLevel.Verify, TlsAuthorities = certificates.Pem };
        var report = await bench.SendAsync(bench.Job(service));
        Assert.Equal(DelegationSendResult.Unreachable, report.Result);
        Assert.Contains("TLS failed", report.Detail, StringComparison.Ordinal);
        Assert.Contains("NameMismatch", report.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("250 a\r\n250 b\r\n250 c\r\n", DelegationSendResult.Accepted, "250 a")]
    [InlineData("250 a\r\n550 b\r\n250 c\r\n", DelegationSendResult.Rejected, "550 b")]
    [InlineData("550 a\r\n552 b\r\n554 c\r\n", DelegationSendResult.Rejected, "550 a")]
    [InlineData("550 a\r\n250 b\r\n451 c\r\n", DelegationSendResult.TemporarilyFailed, "451 c")]
    [InlineData("452 a\r\n550 b\r\n250 c\r\n", DelegationSendResult.TemporarilyFailed, "452 a")]
    [InlineData("250 a\r\n421 b\r\n", DelegationSendResult.TemporarilyFailed, "421 b")]
    public async Task Of_the_answers_of_an_lmtp_service_one_for_now_comes_first_then_one_for_good(
        string answers, DelegationSendResult expected, string detail)
    {
        await using var bench = new DelegationBench();
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.SendAsync("220 lmtp.example\r\n");
            await peer.TakeHelloAsync("LHLO vsmtp.example", "PIPELINING", "DSN");
            Assert.Contains(bench.Ticket.Text, await EndAsync(peer, peer.TakeMailAsync(answers, 3)), StringComparison.Ordinal);
        });
        var job = bench.Job(
            DelegationBench.Service(server) with { Protocol = TransferProtocol.Lmtp }, DelegationBench.Message, 1, "1@mx.example", "2@mx.example", "3@mx.example");
        var report = await bench.SendAsync(job);
        Assert.Equal((expected, detail), (report.Result, report.Detail));
        await bench.DisposeAsync();
    }

    [Fact]
    public async Task An_lmtp_service_that_breaks_off_amid_its_answers_failed_for_now()
    {
        await using var bench = new DelegationBench();
        await using var server = new ScriptedSmtpServer(async peer =>
        {
            await peer.SendAsync("220 lmtp.example\r\n");
            await peer.TakeHelloAsync("LHLO vsmtp.example");
            await peer.TakeMailAsync("250 a\r\n550 b\r\n", 3);
        });
        var job = bench.Job(
            DelegationBench.Service(server) with { Protocol = TransferProtocol.Lmtp }, DelegationBench.Message, 1, "1@mx.example", "2@mx.example", "3@mx.example");
        var report = await bench.SendAsync(job);
        Assert.Equal(DelegationSendResult.TemporarilyFailed, report.Result);
        Assert.Contains("No answer for this recipient", report.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_changed_way_to_a_service_has_connections_of_its_own()
    {
        using var certificates = new ScriptedCertificates();
        await using var bench = new DelegationBench();
        await using var server = new ScriptedSmtpServer(
            async peer =>
            {
                await peer.GreetAsync("SIZE");
                await EndAsync(peer, peer.TakeMailAsync());
            },
            async peer =>
            {
                await peer.GreetAsync("STARTTLS");
                await peer.AnswerAsync("STARTTLS", "220 go ahead\r\n");
                await peer.SecureAsync(certificates.Make("127.0.0.1"));
                await peer.TakeHelloAsync("EHLO", "SIZE");
                await EndAsync(peer, peer.TakeMailAsync());
            });
        var service = DelegationBench.Service(server);
        Assert.Equal(DelegationSendResult.Accepted, (await bench.SendAsync(bench.Job(service))).Result);
        Assert.Equal(
            DelegationSendResult.Accepted,
            (await bench.SendAsync(bench.Job(service with { Tls = TlsLevel.Encrypt }, DelegationBench.Message, 2))).Result);
        await bench.DisposeAsync();
    }
}
