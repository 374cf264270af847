using Vsmtp.Smtp.Replies;
using Vsmtp.Smtp.Server;
using Vsmtp.Smtp.Tests.Support;

namespace Vsmtp.Smtp.Tests.Server;

public sealed class VerdictTests
{
    private static readonly SmtpReply No = new(501, "4.7.1", "No");

    private readonly RecordingPolicy _policy = new();

    private Task<SessionEnd> RunAsync(string script) => Script.RunAsync(Arrival.ByLine, _policy, script);

    [Fact]
    public async Task A_refusal_stands_in_the_greetings_place()
    {
        _policy.Connect = () => SessionVerdict.RefuseAndClose(new SmtpReply(554, "No service for you"));
        Assert.Equal(SessionEnd.Refused, await RunAsync("S: 554 No service for you\nC: NOOP"));
        Assert.Equal(["connect", "disconnected Refused"], _policy.Calls);
    }

    [Fact]
    public async Task After_a_refusal_that_does_not_close_only_quit_is_heard()
    {
        _policy.Connect = () => SessionVerdict.Inform(new SmtpReply(554, "No service for you"));
        Assert.Equal(SessionEnd.Quit, await RunAsync("""
            S: 554 No service for you
            C: EHLO foo
            S: 503 5.5.1 Bad sequence of commands
            C: QUIT
            S: 221 2.0.0 Service closing transmission channel
            """));
    }

    [Fact]
    public async Task What_a_rule_says_at_connect_joins_the_greeting()
    {
        _policy.Connect = () => SessionVerdict.Inform(new SmtpReply(250, "2.0.0", "Be welcome"));
        await RunAsync("""
            S: 220-mx.example Service ready
            S: 220 Be welcome
            C: HELO foo
            S: 250 Ok
            """);
    }

    [Fact]
    public async Task Info_answers_and_changes_nothing()
    {
        var isFirst = true;
        SessionVerdict Once(SmtpReply reply)
        {
            var verdict = isFirst ? SessionVerdict.Inform(reply) : SessionVerdict.Continue;
            isFirst = !isFirst;
            return verdict;
        }

        _policy.Helo = _ => Once(new SmtpReply(250, "2.0.0", "hello"));
        _policy.Mail = _ => Once(new SmtpReply(250, "sender noted"));
        _policy.Rcpt = _ => Once(new SmtpReply(554, "5.7.1", "Relay access denied"));
        _policy.Complete = () => Once(new SmtpReply(500, "message looked at"));
        Assert.Equal(SessionEnd.ConnectionLost, await RunAsync("""
            S: 220 mx.example Service ready
            C: HELO foo
            S: 250 2.0.0 hello
            C: MAIL FROM:<a@b>
            S: 503 5.5.1 Bad sequence of commands
            C: HELO foo
            S: 250 Ok
            C: MAIL FROM:<a@b>
            S: 250 sender noted
            C: RCPT TO:<c@d>
            S: 503 5.5.1 Bad sequence of commands
            C: MAIL FROM:<a@b>
            S: 250 2.1.0 Ok
            C: RCPT TO:<c@d>
            S: 554 5.7.1 Relay access denied
            C: DATA
            S: 503 5.5.1 No valid recipients
            C: RCPT TO:<e@f>
            S: 250 2.1.5 Ok
            C: DATA
            S: 354 Start mail input; end with <CRLF>.<CRLF>
            C: .
            S: 500 message looked at
            C: MAIL FROM:<a@b>
            S: 250 2.1.0 Ok
            """));
        Assert.Equal("<e@f>", Assert.Single(Assert.Single(_policy.Sinks).Transaction.Recipients).Path.ToString());
    }

    [Fact]
    public async Task Deny_answers_and_closes_at_every_step()
    {
        _policy.Helo = _ => SessionVerdict.RefuseAndClose(No);
        Assert.Equal(SessionEnd.Refused, await RunAsync("S: 220 mx.example Service ready\nC: HELO a\nS: 501 4.7.1 No\nC: NOOP"));

        _policy.Helo = _ => SessionVerdict.Continue;
        _policy.Mail = _ => SessionVerdict.RefuseAndClose(No);
        Assert.Equal(SessionEnd.Refused, await RunAsync(
            "S: 220 mx.example Service ready\nC: HELO a\nS: 250 Ok\nC: MAIL FROM:<a@b>\nS: 501 4.7.1 No\nC: NOOP"));
        Assert.DoesNotContain(_policy.Calls, call => call.StartsWith("reset", StringComparison.Ordinal));

        _policy.Mail = _ => SessionVerdict.Continue;
        _policy.Rcpt = _ => SessionVerdict.RefuseAndClose(No);
        Assert.Equal(SessionEnd.Refused, await RunAsync("""
            S: 220 mx.example Service ready
            C: HELO a
            S: 250 Ok
            C: MAIL FROM:<a@b>
            S: 250 2.1.0 Ok
            C: RCPT TO:<a@b>
            S: 501 4.7.1 No
            """));
        Assert.Equal(["reset Closed", "disconnected Refused"], _policy.Calls[^2..]);

        _policy.Rcpt = _ => SessionVerdict.Continue;
        _policy.Complete = () => SessionVerdict.RefuseAndClose(No);
        Assert.Equal(SessionEnd.Refused, await RunAsync("""
            S: 220 mx.example Service ready
            C: HELO a
            S: 250 Ok
            C: MAIL FROM:<a@b>
            S: 250 2.1.0 Ok
            C: RCPT TO:<a@b>
            S: 250 2.1.5 Ok
            C: DATA
            S: 354 Start mail input; end with <CRLF>.<CRLF>
            C: .
            S: 501 4.7.1 No
            C: NOOP
            """));
    }

    [Fact]
    public async Task A_reply_of_a_rule_takes_the_place_of_the_ordinary_one()
    {
        _policy.Helo = _ => SessionVerdict.ContinueWith(new SmtpReply(250, "nice to meet you"));
        _policy.Mail = _ => SessionVerdict.ContinueWith(new SmtpReply(250, "sender taken"));
        _policy.Rcpt = _ => SessionVerdict.ContinueWith(new SmtpReply(251, "2.1.5", "will forward"));
        _policy.Complete = () => SessionVerdict.ContinueWith(new SmtpReply(250, null, "queued", "as 42"));
        await RunAsync("""
            S: 220 mx.example Service ready
            C: HELO a
            S: 250 nice to meet you
            C: MAIL FROM:<a@b>
            S: 250 sender taken
            C: RCPT TO:<a@b>
            S: 251 2.1.5 will forward
            C: DATA
            S: 354 Start mail input; end with <CRLF>.<CRLF>
            C: .
            S: 250-queued
            S: 250 as 42
            C: EHLO a
            S: 250-mx.example nice to meet you
            S: 250-PIPELINING
            S: 250-SIZE 26214400
            S: 250-8BITMIME
            S: 250-SMTPUTF8
            S: 250-ENHANCEDSTATUSCODES
            S: 250-DSN
            S: 250 CHUNKING
            """);
    }

    [Fact]
    public async Task An_acceptance_with_an_error_code_is_a_refusal()
    {
        _policy.Mail = _ => SessionVerdict.ContinueWith(No);
        await RunAsync("""
            S: 220 mx.example Service ready
            C: HELO a
            S: 250 Ok
            C: MAIL FROM:<a@b>
            S: 501 4.7.1 No
            C: RCPT TO:<a@b>
            S: 503 5.5.1 Bad sequence of commands
            """);
    }

    [Fact]
    public async Task A_421_of_a_rule_closes()
    {
        _policy.Mail = _ => SessionVerdict.Inform(new SmtpReply(421, "4.7.0", "Later"));
        Assert.Equal(SessionEnd.Refused, await RunAsync(
            "S: 220 mx.example Service ready\nC: HELO a\nS: 250 Ok\nC: MAIL FROM:<a@b>\nS: 421 4.7.0 Later\nC: NOOP"));
    }

    [Fact]
    public async Task Data_can_be_refused_before_it_is_sent_and_the_transaction_stays()
    {
        _policy.Data = sink => _policy.Sinks.Count == 1
            ? new DataVerdict.Refuse(SessionVerdict.Inform(new SmtpReply(451, "4.3.0", "Not now")))
            : new DataVerdict.Take(sink);
        await RunAsync("""
            S: 220 mx.example Service ready
            C: HELO a
            S: 250 Ok
            C: MAIL FROM:<a@b>
            S: 250 2.1.0 Ok
            C: RCPT TO:<a@b>
            S: 250 2.1.5 Ok
            C: DATA
            S: 451 4.3.0 Not now
            C: DATA
            S: 354 Start mail input; end with <CRLF>.<CRLF>
            C: x
            C: .
            S: 250 2.0.0 Ok
            """);
        Assert.Equal("x\r\n", Assert.Single(_policy.Messages).Text);
    }

    [Fact]
    public async Task A_helo_that_is_refused_changes_nothing()
    {
        _policy.Helo = helo => helo.Name == "bad" ? SessionVerdict.Inform(new SmtpReply(550, "No")) : SessionVerdict.Continue;
        await RunAsync("""
            S: 220 mx.example Service ready
            C: HELO good
            S: 250 Ok
            C: MAIL FROM:<a@b>
            S: 250 2.1.0 Ok
            C: HELO bad
            S: 550 No
            C: RCPT TO:<a@b>
            S: 250 2.1.5 Ok
            """);
    }

    [Fact]
    public async Task A_policy_that_throws_costs_its_command_451()
    {
        _policy.Mail = _ => _policy.Calls.Count(call => call.StartsWith("mail", StringComparison.Ordinal)) == 1
            ? throw new InvalidOperationException("bug") : SessionVerdict.Continue;
        _policy.Complete = () => throw new IOException("disk full");
        await RunAsync("""
            S: 220 mx.example Service ready
            C: HELO a
            S: 250 Ok
            C: MAIL FROM:<a@b>
            S: 451 4.3.0 Requested action aborted: local error in processing
            C: MAIL FROM:<a@b>
            S: 250 2.1.0 Ok
            C: RCPT TO:<a@b>
            S: 250 2.1.5 Ok
            C: DATA
            S: 354 Start mail input; end with <CRLF>.<CRLF>
            C: .
            S: 451 4.3.0 Requested action aborted: local error in processing
            C: NOOP
            S: 250 2.0.0 Ok
            """);
        Assert.Equal([MessageAbort.SinkFailed], Assert.Single(_policy.Sinks).Aborts);
    }

    [Fact]
    public async Task A_sink_that_throws_is_left_alone_and_the_message_read_to_its_end()
    {
        var writes = 0;
        _policy.Write = () => ++writes == 2 ? throw new IOException("disk full") : ValueTask.CompletedTask;
        await RunAsync("""
            S: 220 mx.example Service ready
            C: HELO a
            S: 250 Ok
            C: MAIL FROM:<a@b>
            S: 250 2.1.0 Ok
            C: RCPT TO:<a@b>
            S: 250 2.1.5 Ok
            C: DATA
            S: 354 Start mail input; end with <CRLF>.<CRLF>
            C: one
            C: two
            C: three
            C: .
            S: 451 4.3.0 Requested action aborted: local error in processing
            C: NOOP
            S: 250 2.0.0 Ok
            """);
        Assert.Equal(2, writes);
        Assert.Equal([MessageAbort.SinkFailed], Assert.Single(_policy.Sinks).Aborts);
    }

    [Fact]
    public async Task A_connect_that_throws_refuses_the_connection()
    {
        _policy.Connect = () => throw new InvalidOperationException("bug");
        await RunAsync("""
            S: 451 4.3.0 Requested action aborted: local error in processing
            C: HELO a
            S: 503 5.5.1 Bad sequence of commands
            """);
    }
}
