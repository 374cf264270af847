using System.Net;
using Vsmtp.Smtp.Commands;
using Vsmtp.Smtp.Replies;
using Vsmtp.Smtp.Server;
using Vsmtp.Smtp.Server.Authentication;
using Vsmtp.Smtp.Tests.Support;

namespace Vsmtp.Smtp.Tests.Server;

/// <summary>A proxy that says for whom it speaks (Postfix XCLIENT_README).</summary>
public sealed class XClientTests
{
    private readonly RecordingPolicy _policy = new();

    [Theory]
    [InlineData("ADDR=192.0.2.7 PORT=4000 NAME=spike.example PROTO=ESMTP HELO=[UNAVAILABLE]", "192.0.2.7:4000", null)]
    [InlineData("ADDR=IPV6:2001:db8::7 DESTADDR=198.51.100.1 DESTPORT=2525", "[2001:db8::7]:0", "198.51.100.1:2525")]
    public async Task From_then_on_the_session_is_another_client_s_from_its_beginning(string told, string client, string? server)
    {
        var seen = new List<(IPEndPoint Client, IPEndPoint Server)>();
        _policy.Connect = () =>
        {
            seen.Add((_policy.Session.Client, _policy.Session.Server));
            return SessionVerdict.Continue;
        };
        await using var harness = new SessionHarness(_policy, maySpeakForOthers: true);
        await harness.SendAsync($"EHLO proxy\r\nXCLIENT {told}\r\nMAIL FROM:<a@b>\r\nEHLO client\r\nQUIT\r\n");
        harness.HangUp();
        Assert.Equal(SessionEnd.Quit, await harness.EndAsync());
        var said = harness.Take();
        Assert.Contains("250 XCLIENT NAME ADDR PORT PROTO HELO DESTADDR DESTPORT\r\n220 ", said, StringComparison.Ordinal);
        Assert.Equal(2, said.Split("220 mx.example Service ready\r\n").Length - 1);
        Assert.Contains("503 5.5.1", said, StringComparison.Ordinal);              // MAIL before EHLO
        Assert.Equal(IPEndPoint.Parse(client), seen[1].Client);
        Assert.Equal(server is null ? seen[0].Server : IPEndPoint.Parse(server), seen[1].Server);
    }

    [Fact]
    public async Task What_the_proxy_passes_on_names_nobody_else()
    {
        await using var harness = new SessionHarness(_policy, maySpeakForOthers: true, mayTellOrigin: true);
        await harness.SendAsync("XCLIENT ADDR=192.0.2.7\r\nXCLIENT ADDR=192.0.2.8\r\n");
        await harness.SendAsync("EHLO client\r\nXCLIENT ADDR=192.0.2.9\r\nXFORWARD NAME=x.example\r\nQUIT\r\n");
        harness.HangUp();
        await harness.EndAsync();
        var said = harness.Take();
        Assert.Equal(3, said.Split("\r\n502 ").Length - 1);
        Assert.DoesNotContain("XCLIENT", said, StringComparison.Ordinal);
        Assert.Equal(IPAddress.Parse("192.0.2.7"), _policy.Session.Client.Address);
    }

    [Fact]
    public async Task A_client_that_the_rules_do_not_want_is_refused_in_place_of_the_greeting()
    {
        _policy.Connect = () => _policy.Session.Client.Address.Equals(IPAddress.Parse("192.0.2.66"))
            ? SessionVerdict.RefuseAndClose(SmtpReplies.Denied) : SessionVerdict.Continue;
        await using var harness = new SessionHarness(_policy, maySpeakForOthers: true);
        await harness.SendAsync("XCLIENT ADDR=192.0.2.66\r\nEHLO client\r\n");
        harness.HangUp();
        await harness.EndAsync();
        var codes = harness.Take().Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Select(line => line[..3]).ToList();
        Assert.Equal("554", codes[1]);
        Assert.DoesNotContain("250", codes);
    }

    [Theory]
    [InlineData("XCLIENT"), InlineData("XCLIENT ADDR"), InlineData("XCLIENT ADDR="), InlineData("XCLIENT ADDR=192.0.2.256")]
    [InlineData("XCLIENT ADDR=2001:db8::7"), InlineData("XCLIENT PORT=65536"), InlineData("XCLIENT ADDR=192.0.2.7 LOGIN=john"), InlineData("XCLIENT ADDR=[UNAVAILABLE]"), InlineData("XCLIENT ADDR=[TEMPUNAVAIL] PORT=25"), InlineData("XCLIENT PORT=25"), InlineData("XCLIENT ADDR=192.0.2.7 X=y")]
    public async Task What_is_malformed_changes_nothing(string line)
    {
        await using var harness = new SessionHarness(_policy, maySpeakForOthers: true);
        var client = _policy.Session.Client;
        await harness.SendAsync($"{line}\r\nQUIT\r\n");
        harness.HangUp();
        await harness.EndAsync();
        Assert.Contains("\r\n501 ", harness.Take(), StringComparison.Ordinal);
        Assert.Equal(client, _policy.Session.Client);
        Assert.Single(_policy.Calls, "connect");
    }

    [Fact]
    public async Task Who_has_authenticated_with_the_proxy_has_so_here()
    {
        var identities = new List<SmtpIdentity?>();
        _policy.Mail = transaction =>
        {
            identities.Add(transaction.Session.Identity);
            return SessionVerdict.Continue;
        };
        var options = SessionHarness.Options with { Auth = new SmtpServerAuth([SaslMechanism.Plain]) { IsRequired = true, IsAllowedInClear = true } };
        await using var harness = new SessionHarness(_policy, options, maySpeakForOthers: true);
        await harness.SendAsync("EHLO proxy\r\nXCLIENT ADDR=192.0.2.7 LOGIN=jos+C3+A9+40example.org\r\nEHLO a\r\nMAIL FROM:<a@b>\r\nQUIT\r\n");
        harness.HangUp();
        await harness.EndAsync();
        Assert.Contains("XCLIENT NAME ADDR PORT PROTO HELO DESTADDR DESTPORT LOGIN", harness.Take(), StringComparison.Ordinal);
        Assert.Equal(new SmtpIdentity(SaslMechanism.XClient, "jos\u00e9@example.org"), Assert.Single(identities));
        Assert.Single(_policy.Calls, "authenticated jos\u00e9@example.org");
    }

    [Theory]
    [InlineData("[UNAVAILABLE]", "530 5.7.0")]
    [InlineData("a+00b", "501 ")]
    [InlineData("+", "501 ")]
    public async Task Who_is_not_named_has_not_authenticated(string login, string reply)
    {
        var options = SessionHarness.Options with { Auth = new SmtpServerAuth([SaslMechanism.Plain]) { IsRequired = true, IsAllowedInClear = true } };
        await using var harness = new SessionHarness(_policy, options, maySpeakForOthers: true);
        await harness.SendAsync($"XCLIENT ADDR=192.0.2.7 LOGIN={login}\r\nEHLO a\r\nMAIL FROM:<a@b>\r\nQUIT\r\n");
        harness.HangUp();
        await harness.EndAsync();
        var said = harness.Take();
        Assert.Contains($"\r\n{reply}", said, StringComparison.Ordinal);
        Assert.Contains("\r\n530 5.7.0", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_else_may_and_nobody_may_within_a_transaction()
    {
        var (codes, _) = await Script.RunRawAsync(Arrival.Whole, _policy, "EHLO a\r\nXCLIENT ADDR=192.0.2.7\r\nMAIL FROM:<a@b>\r\n"u8.ToArray());
        Assert.Equal([220, 250, 502, 250], codes);
        Assert.Single(_policy.Calls, "connect");

        await using var harness = new SessionHarness(_policy, maySpeakForOthers: true);
        await harness.SendAsync("EHLO a\r\nMAIL FROM:<a@b>\r\nXCLIENT ADDR=192.0.2.7\r\nQUIT\r\n");
        harness.HangUp();
        await harness.EndAsync();
        Assert.Contains("503 5.5.1", harness.Take(), StringComparison.Ordinal);
    }
}
