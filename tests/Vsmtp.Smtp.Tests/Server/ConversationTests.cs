using Vsmtp.Smtp.Replies;
using Vsmtp.Smtp.Server;
using Vsmtp.Smtp.Tests.Support;

namespace Vsmtp.Smtp.Tests.Server;

/// <summary>
/// Section P of the catalogue, with our deviations; each conversation arrives whole, by line and octet by octet (RFC 5321;
/// SIZE: RFC 1870; enhanced codes: RFC 2034).
/// </summary>
public sealed class ConversationTests
{
    public static TheoryData<Arrival> Arrivals { get; } = [.. Enum.GetValues<Arrival>()];

    private readonly RecordingPolicy _policy = new();

    [Theory]
    [MemberData(nameof(Arrivals))]
    public async Task A_message_is_taken(Arrival arrival)
    {
        var end = await Script.RunAsync(arrival, _policy, """
            S: 220 mx.example Service ready
            C: HELO foo
            S: 250 Ok
            C: MAIL FROM:<john@doe>
            S: 250 2.1.0 Ok
            C: RCPT TO:<aa@bb>
            S: 250 2.1.5 Ok
            C: DATA
            S: 354 Start mail input; end with <CRLF>.<CRLF>
            C: Subject: x
            C:
            C: ..dot
            C: .
            S: 250 2.0.0 Ok
            C: QUIT
            S: 221 2.0.0 Service closing transmission channel
            """);
        Assert.Equal(SessionEnd.Quit, end);
        var message = Assert.Single(_policy.Messages);
        Assert.Equal("Subject: x\r\n\r\n.dot\r\n", message.Text);
        Assert.Equal("<john@doe>", message.Transaction.Sender.ToString());
        Assert.Equal(new SmtpHelo("foo", IsExtended: false), message.Transaction.Helo);
        Assert.Equal("<aa@bb>", Assert.Single(message.Transaction.Recipients).Path.ToString());
        Assert.Equal(
            ["connect", "helo foo", "mail <john@doe>", "rcpt <aa@bb>", "data", "disconnected Quit"], _policy.Calls);
    }

    [Theory]
    [MemberData(nameof(Arrivals))]
    public Task Ehlo_lists_what_is_offered(Arrival arrival) => Script.RunAsync(arrival, _policy, """
        S: 220 mx.example Service ready
        C: EHLO [127.0.0.1]
        S: 250-mx.example
        S: 250-PIPELINING
        S: 250-SIZE 26214400
        S: 250-8BITMIME
        S: 250-SMTPUTF8
        S: 250-ENHANCEDSTATUSCODES
        S: 250-DSN
        S: 250 CHUNKING
        C: QUIT
        S: 221 2.0.0 Service closing transmission channel
        """);

    [Theory]
    [MemberData(nameof(Arrivals))]
    public Task What_is_not_offered_is_not_spoken(Arrival arrival) => Script.RunAsync(arrival, _policy, """
        S: 220 mx.example Service ready
        C: EHLO [127.0.0.1]
        S: 250-mx.example
        S: 250-SIZE 1000
        S: 250 DSN
        C: MAIL FROM:<a@b> SIZE=1000 ENVID=x
        S: 250 Ok
        C: RCPT TO:<c@d> BODY=7BIT
        S: 555 MAIL or RCPT parameter not recognized or not implemented
        C: STARTTLS
        S: 503 Bad sequence of commands
        C: BDAT 10 LAST
        S: 502 Command not implemented
        """, SessionHarness.Options with { Extensions = SmtpExtensions.Size | SmtpExtensions.Dsn, MaxMessageBytes = 1000 });

    [Theory]
    [MemberData(nameof(Arrivals))]
    public Task Order_is_kept(Arrival arrival) => Script.RunAsync(arrival, _policy, """
        S: 220 mx.example Service ready
        C: MAIL FROM:<a@b>
        S: 503 5.5.1 Bad sequence of commands
        C: RCPT TO:<a@b>
        S: 503 5.5.1 Bad sequence of commands
        C: DATA
        S: 503 5.5.1 Bad sequence of commands
        C: RSET
        S: 250 2.0.0 Ok
        C: MAIL FROM:<a@b>
        S: 503 5.5.1 Bad sequence of commands
        C: HELO foo
        S: 250 Ok
        C: RCPT TO:<a@b>
        S: 503 5.5.1 Bad sequence of commands
        C: MAIL FROM:<a@b>
        S: 250 2.1.0 Ok
        C: MAIL FROM:<c@d>
        S: 503 5.5.1 Bad sequence of commands
        C: DATA
        S: 503 5.5.1 No valid recipients
        C: NOOP
        S: 250 2.0.0 Ok
        C: QUIT
        S: 221 2.0.0 Service closing transmission channel
        """);

    [Theory]
    [MemberData(nameof(Arrivals))]
    public async Task The_helo_is_remembered_after_a_message(Arrival arrival)
    {
        await Script.RunAsync(arrival, _policy, """
            S: 220 mx.example Service ready
            C: HELO foo
            S: 250 Ok
            C: MAIL FROM: <john@doe>
            S: 250 2.1.0 Ok
            C: RCPT TO: <aa@bb>
            S: 250 2.1.5 Ok
            C: DATA
            S: 354 Start mail input; end with <CRLF>.<CRLF>
            C: one
            C: .
            S: 250 2.0.0 Ok
            C: DATA
            S: 503 5.5.1 Bad sequence of commands
            C: RCPT TO:<b@foo>
            S: 503 5.5.1 Bad sequence of commands
            C: MAIL FROM:<b@foo>
            S: 250 2.1.0 Ok
            C: RCPT TO:<Postmaster>
            S: 250 2.1.5 Ok
            C: DATA
            S: 354 Start mail input; end with <CRLF>.<CRLF>
            C: two
            C: .
            S: 250 2.0.0 Ok
            C: HELO bar
            S: 250 Ok
            C: MAIL FROM:<>
            S: 250 2.1.0 Ok
            C: RCPT TO:<c@d>
            S: 250 2.1.5 Ok
            C: DATA
            S: 354 Start mail input; end with <CRLF>.<CRLF>
            C: .
            S: 250 2.0.0 Ok
            """);
        Assert.Equal(["one\r\n", "two\r\n", ""], _policy.Messages.Select(message => message.Text));
        Assert.Equal(["foo", "foo", "bar"], _policy.Messages.Select(message => message.Transaction.Helo.Name));
        Assert.Equal(["<john@doe>", "<b@foo>", "<>"], _policy.Messages.Select(message => message.Transaction.Sender.ToString()));
    }

    [Theory]
    [MemberData(nameof(Arrivals))]
    public async Task Reset_forgets_the_transaction_and_keeps_the_helo(Arrival arrival)
    {
        await Script.RunAsync(arrival, _policy, """
            S: 220 mx.example Service ready
            C: HELO foo
            S: 250 Ok
            C: RSET
            S: 250 2.0.0 Ok
            C: MAIL FROM:<a@b>
            S: 250 2.1.0 Ok
            C: RCPT TO:<x@y>
            S: 250 2.1.5 Ok
            C: RSET
            S: 250 2.0.0 Ok
            C: RCPT TO:<x@y>
            S: 503 5.5.1 Bad sequence of commands
            C: MAIL FROM:<c@d>
            S: 250 2.1.0 Ok
            C: HELO bar
            S: 250 Ok
            C: RCPT TO:<x@y>
            S: 503 5.5.1 Bad sequence of commands
            C: MAIL FROM:<e@f>
            S: 250 2.1.0 Ok
            C: RCPT TO:<toto2@bar>
            S: 250 2.1.5 Ok
            C: RCPT TO:<toto3@bar>
            S: 250 2.1.5 Ok
            C: DATA
            S: 354 Start mail input; end with <CRLF>.<CRLF>
            C: From: a
            C: To: b
            C: .
            S: 250 2.0.0 Ok
            C: MAIL FROM:<g@h>
            S: 250 2.1.0 Ok
            C: QUIT
            S: 221 2.0.0 Service closing transmission channel
            """);
        var message = Assert.Single(_policy.Messages);
        Assert.Equal(("<e@f>", "bar"), (message.Transaction.Sender.ToString(), message.Transaction.Helo.Name));
        Assert.Equal(["<toto2@bar>", "<toto3@bar>"], message.Transaction.Recipients.Select(recipient => recipient.Path.ToString()));
        var resets = _policy.Calls.Where(call => call.StartsWith("reset", StringComparison.Ordinal));
        Assert.Equal(["reset Reset", "reset Helo", "reset Quit"], resets);
    }

    [Theory]
    [MemberData(nameof(Arrivals))]
    public Task Faulty_lines_are_told_apart(Arrival arrival) => Script.RunAsync(arrival, _policy, $"""
        S: 220 mx.example Service ready
        C: foo
        S: 500 5.5.1 Syntax error, command unrecognized
        C:
        S: 500 5.5.1 Syntax error, command unrecognized
        C:  NOOP
        S: 500 5.5.1 Syntax error, command unrecognized
        C: NOOP {new string('x', 600)}
        S: 500 5.5.2 Syntax error, line too long
        C: NOOP {new string('x', 9000)}
        S: 500 5.5.2 Syntax error, line too long
        C: HELO 127.0.0.1
        S: 501 5.5.4 Syntax error in parameters or arguments
        C: HELO foo
        S: 250 Ok
        C: MAIL FROM:<a>
        S: 501 5.1.7 Syntax error in the sender's address
        C: MAIL FROM:<a@b> FOO=bar
        S: 555 5.5.4 MAIL or RCPT parameter not recognized or not implemented
        C: MAIL FROM:<a@b> SIZE=26214401
        S: 552 5.3.4 Message size exceeds fixed maximum message size
        C: MAIL FROM:<é@b>
        S: 553 5.6.7 Non-ASCII address without SMTPUTF8
        C: MAIL FROM:<é@b> SMTPUTF8
        S: 250 2.1.0 Ok
        C: RCPT TO:<a>
        S: 501 5.1.3 Syntax error in the recipient's address
        C: RCPT TO:<é@b>
        S: 250 2.1.5 Ok
        C: DATA now
        S: 501 5.5.4 Syntax error in parameters or arguments
        """, SessionHarness.Options with { SoftErrorCount = -1, HardErrorCount = -1 });

    [Fact]
    public async Task A_nul_in_a_command_is_refused()
    {
        var (codes, _) = await Script.RunRawAsync(Arrival.Whole, _policy, "NO\0OP\r\nNOOP\r\n"u8.ToArray());
        Assert.Equal([220, 500, 250], codes);
    }

    [Theory]
    [MemberData(nameof(Arrivals))]
    public Task Commands_that_lead_nowhere_are_answered(Arrival arrival) => Script.RunAsync(arrival, _policy, """
        S: 220 mx.example Service ready
        C: HELP
        S: 214 2.0.0 See RFC 5321 for the commands that are understood here
        C: HELP MAIL
        S: 214 2.0.0 See RFC 5321 for the commands that are understood here
        C: HELO foo
        S: 250 Ok
        C: VRFY john
        S: 502 5.5.1 Command not implemented
        C: VRFY
        S: 501 5.5.4 Syntax error in parameters or arguments
        C: EXPN list
        S: 502 5.5.1 Command not implemented
        C: STARTTLS
        S: 454 4.7.0 TLS not available due to temporary reason
        C: AUTH PLAIN
        S: 502 5.5.1 Command not implemented
        C: XFORWARD NAME=a
        S: 502 5.5.1 Command not implemented
        """);

    [Theory]
    [MemberData(nameof(Arrivals))]
    public async Task A_receiver_hears_where_a_mail_comes_from_and_makes_nothing_of_it(Arrival arrival)
    {
        await Script.RunAsync(arrival, _policy, """
            S: 220 mx.example Service ready
            C: XFORWARD NAME=a.example
            S: 503 5.5.1 Bad sequence of commands
            C: EHLO filter.example
            S: 250-mx.example
            S: 250-SIZE 26214400
            S: 250-8BITMIME
            S: 250-SMTPUTF8
            S: 250-ENHANCEDSTATUSCODES
            S: 250-DSN
            S: 250 XFORWARD NAME ADDR PORT PROTO HELO IDENT SOURCE
            C: XFORWARD NAME=[UNAVAILABLE] ADDR=192.0.2.1 PORT=1234 PROTO=ESMTP HELO=client.example
            S: 250 2.0.0 Ok
            C: xforward ident=m-1 source=REMOTE
            S: 250 2.0.0 Ok
            C: XFORWARD
            S: 501 5.5.4 Syntax error in parameters or arguments
            C: XFORWARD COLOUR=red
            S: 501 5.5.4 Syntax error in parameters or arguments
            C: MAIL FROM:<a@b>
            S: 250 2.1.0 Ok
            C: XFORWARD NAME=a.example
            S: 503 5.5.1 Bad sequence of commands
            C: RCPT TO:<c@d>
            S: 250 2.1.5 Ok
            C: XFORWARD NAME=a.example
            S: 503 5.5.1 Bad sequence of commands
            C: DATA
            S: 354 Start mail input; end with <CRLF>.<CRLF>
            C: .
            S: 250 2.0.0 Ok
            C: XFORWARD ADDR=IPV6:2001:db8::1
            S: 250 2.0.0 Ok
            C: STARTTLS
            S: 454 4.7.0 TLS not available due to temporary reason
            """, SessionHarness.Options with { Extensions = SmtpExtensions.Receiver });
        Assert.Equal(
            ["connect", "helo filter.example", "mail <a@b>", "rcpt <c@d>", "data", "disconnected ConnectionLost"], _policy.Calls);
    }

    [Theory]
    [MemberData(nameof(Arrivals))]
    public Task Ehlo_can_be_turned_off(Arrival arrival) => Script.RunAsync(arrival, _policy, """
        S: 220 mx.example Service ready
        C: EHLO foo
        S: 502 5.5.1 Command not implemented
        C: HELO foo
        S: 250 Ok
        """, SessionHarness.Options with { IsEhloDisabled = true });

    [Theory]
    [MemberData(nameof(Arrivals))]
    public async Task As_many_recipients_as_allowed_are_taken_and_no_more(Arrival arrival)
    {
        await Script.RunAsync(arrival, _policy, """
            S: 220 mx.example Service ready
            C: HELO foo
            S: 250 Ok
            C: MAIL FROM:<a@b>
            S: 250 2.1.0 Ok
            C: RCPT TO:<1@b>
            S: 250 2.1.5 Ok
            C: RCPT TO:<2@b>
            S: 250 2.1.5 Ok
            C: RCPT TO:<3@b>
            S: 452 4.5.3 Requested action not taken: too many recipients
            C: DATA
            S: 354 Start mail input; end with <CRLF>.<CRLF>
            C: .
            S: 250 2.0.0 Ok
            """, SessionHarness.Options with { MaxRecipients = 2 });
        Assert.Equal(2, Assert.Single(_policy.Messages).Transaction.Recipients.Count);
    }

    [Theory]
    [MemberData(nameof(Arrivals))]
    public async Task Too_many_errors_end_the_session_with_both_texts(Arrival arrival)
    {
        var end = await Script.RunAsync(arrival, _policy, """
            S: 220 mx.example Service ready
            C: foo
            S: 500 5.5.1 Syntax error, command unrecognized
            C: NOOP
            S: 250 2.0.0 Ok
            C: MAIL FROM:<a@b>
            S: 503 5.5.1 Bad sequence of commands
            C: DATA
            S: 451-4.7.0 Bad sequence of commands
            S: 451 4.7.0 Too many errors from the client
            C: NOOP
            """, SessionHarness.Options with { SoftErrorCount = 1, HardErrorCount = 3, ErrorDelay = TimeSpan.Zero });
        Assert.Equal(SessionEnd.TooManyErrors, end);
    }

    [Theory]
    [MemberData(nameof(Arrivals))]
    public async Task Parameters_reach_the_policy(Arrival arrival)
    {
        await Script.RunAsync(arrival, _policy, """
            S: 220 mx.example Service ready
            C: HELO foo
            S: 250 Ok
            C: MAIL FROM:<a@b> SIZE=5 BODY=8BITMIME RET=FULL ENVID=id
            S: 250 2.1.0 Ok
            C: RCPT TO:<1@b> NOTIFY=NEVER ORCPT=rfc822;x@y
            S: 250 2.1.5 Ok
            C: DATA
            S: 354 Start mail input; end with <CRLF>.<CRLF>
            C: .
            S: 250 2.0.0 Ok
            """);
        var transaction = Assert.Single(_policy.Messages).Transaction;
        Assert.Equal("id", transaction.Parameters.EnvelopeId);
        Assert.Equal("rfc822;x@y", transaction.Recipients[0].Parameters.OriginalRecipient);
    }

    [Theory]
    [MemberData(nameof(Arrivals))]
    public Task A_site_chooses_its_words(Arrival arrival) => Script.RunAsync(arrival, _policy, """
        S: 220 mail here
        C: foo
        S: 500 what?
        C: QUIT
        S: 221 2.0.0 bye
        """, SessionHarness.Options with
    {
        Greeting = new SmtpReply(220, "mail here"),
        Replies = new SmtpReplySet { UnknownCommand = new(500, "what?"), Closing = new(221, "2.0.0", "bye") },
    });
}
