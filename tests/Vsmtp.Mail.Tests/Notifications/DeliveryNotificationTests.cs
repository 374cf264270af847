using System.Text;
using Vsmtp.Mail.Notifications;

namespace Vsmtp.Mail.Tests.Notifications;

/// <summary>Notifications as text (RFC 3464, RFC 6522), also with addresses beyond ASCII (RFC 6533).</summary>
public sealed class DeliveryNotificationTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    private static readonly NotifiedRecipient Refused = new()
    {
        Address = "bob@b.example",
        Action = DeliveryAction.Failed,
        Status = "5.1.1",
        Explanation = "mx.b.example [192.0.2.7]:25 said: 550 5.1.1 No such user",
        OriginalRecipient = "rfc822;Bob+2BX@b.example",
        RemoteServer = "mx.b.example",
        Reply = "550 5.1.1 No such user",
        LastAttemptAt = Noon,
    };

    private static readonly DeliveryNotification Notification = new()
    {
        ReportingServer = "mx.a.example",
        To = "alice@a.example",
        Id = "m-00-01m8a5k6vjzjx4yxwbb873hjw2",
        Date = Noon,
        ArrivedAt = Noon - TimeSpan.FromHours(1),
        EnvelopeId = "job+2B7",
        Recipients = [Refused],
        Message = Encoding.ASCII.GetBytes("From: alice@a.example\r\nSubject: hi\r\n\r\n"),
    };

    [Theory]
    [InlineData("192.0.2.7", "[192.0.2.7]")]
    [InlineData("2001:db8::7", "[IPv6:2001:db8::7]")]
    public void A_server_without_a_name_is_named_by_its_address_literal(string server, string named) => Assert.Contains(
        $"\r\nRemote-MTA: dns; {named}\r\n",
        Encoding.UTF8.GetString((Notification with { Recipients = [Refused with { RemoteServer = server }] }).ToBytes()), StringComparison.Ordinal);

    [Fact]
    public void A_failure_is_a_report_in_three_parts() => Assert.Equal(
        """
        From: Mail Delivery System <MAILER-DAEMON@mx.a.example>
        To: <alice@a.example>
        Subject: Undelivered mail returned to sender
        Date: Thu, 26 Nov 2026 12:00:00 +0000
        Message-ID: <m-00-01m8a5k6vjzjx4yxwbb873hjw2@mx.a.example>
        Auto-Submitted: auto-replied
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=delivery-status;
        	boundary="=_m-00-01m8a5k6vjzjx4yxwbb873hjw2"

        --=_m-00-01m8a5k6vjzjx4yxwbb873hjw2
        Content-Type: text/plain; charset=utf-8

        This is the mail system at mx.a.example.

        Your message could not be delivered to this recipient, and we no longer try:

          <bob@b.example>
            mx.b.example [192.0.2.7]:25 said: 550 5.1.1 No such user

        Your message came to us on Thu, 26 Nov 2026 11:00:00 +0000. Its headers are attached.
        --=_m-00-01m8a5k6vjzjx4yxwbb873hjw2
        Content-Type: message/delivery-status

        Original-Envelope-Id: job+7
        Reporting-MTA: dns; mx.a.example
        Arrival-Date: Thu, 26 Nov 2026 11:00:00 +0000

        Original-Recipient: rfc822; Bob+X@b.example
        Final-Recipient: rfc822; bob@b.example
        Action: failed
        Status: 5.1.1
        Remote-MTA: dns; mx.b.example
        Diagnostic-Code: smtp; 550 5.1.1 No such user
        Last-Attempt-Date: Thu, 26 Nov 2026 12:00:00 +0000

        --=_m-00-01m8a5k6vjzjx4yxwbb873hjw2
        Content-Type: text/rfc822-headers

        From: alice@a.example
        Subject: hi

        --=_m-00-01m8a5k6vjzjx4yxwbb873hjw2--

        """.ReplaceLineEndings("\r\n"),
        Encoding.UTF8.GetString(Notification.ToBytes()));

    [Fact]
    public void A_warning_says_until_when_it_is_tried()
    {
        var text = TextOf(Notification with
        {
            Recipients = [Refused with { Action = DeliveryAction.Delayed, Status = "4.4.1", WillRetryUntil = Noon + TimeSpan.FromDays(5) }],
        });
        Assert.Contains("Subject: Mail is delayed\r\n", text, StringComparison.Ordinal);
        Assert.Contains("we go on trying until Tue, 1 Dec 2026 12:00:00 +0000.", text, StringComparison.Ordinal);
        Assert.Contains("Action: delayed\r\nStatus: 4.4.1\r\n", text, StringComparison.Ordinal);
        Assert.Contains("Will-Retry-Until: Tue, 1 Dec 2026 12:00:00 +0000\r\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void No_word_of_a_peer_ends_a_line_of_ours()
    {
        var text = TextOf(Notification with
        {
            To = "alice@a.example>\r\nBcc: <eve@e.example",
            EnvelopeId = "x+0D+0AForged:+20yes",
            Recipients =
            [
                Refused with
                {
                    Address = "bob\r\nForged: yes",
                    OriginalRecipient = "rfc822;x+0D+0AForged: yes",
                    RemoteServer = "mx\r\nForged: yes",
                    Reply = "550 no\r\n\r\n--=_m-00-01m8a5k6vjzjx4yxwbb873hjw2\r\nForged: yes",
                    Explanation = "said: \u001b[2Jno",
                },
            ],
        });
        Assert.DoesNotContain("\r\nForged", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\r\nBcc", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', text);
        Assert.Equal(4, text.Split("\r\n--=_m-00-01m8a5k6vjzjx4yxwbb873hjw2").Length - 1);
    }

    [Fact]
    public void Beyond_ASCII_words_and_headers_are_encoded_and_addresses_are_in_the_fields_of_RFC_6533()
    {
        var notification = Notification with
        {
            Recipients = [Refused with { Address = "jürgen@b.example", Explanation = "sagt: 550 kein Glück" }],
            Message = Encoding.UTF8.GetBytes("Subject: Grüße\r\n\r\n"),
        };
        var text = TextOf(notification);
        Assert.Contains("\r\nContent-Type: multipart/report; report-type=global-delivery-status;\r\n", text, StringComparison.Ordinal);
        Assert.Contains("\r\nContent-Type: message/global-delivery-status\r\nContent-Transfer-Encoding: 8bit\r\n", text, StringComparison.Ordinal);
        Assert.Contains("Final-Recipient: utf-8; jürgen@b.example\r\n", text, StringComparison.Ordinal);
        Assert.Contains("sagt: 550 kein Gl=C3=BCck\r\n", text, StringComparison.Ordinal);
        Assert.Contains("Subject: Gr=C3=BC=C3=9Fe\r\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_whole_message_is_returned_as_it_is()
    {
        var message = Encoding.UTF8.GetBytes("Subject: a\r\n\r\nGrüße\r\n");
        var text = TextOf(Notification with { Message = message, IsWhole = true });
        Assert.Contains(
            "\r\nContent-Type: message/rfc822\r\nContent-Transfer-Encoding: 8bit\r\n\r\nSubject: a\r\n\r\nGrüße\r\n--=_", text, StringComparison.Ordinal);
        Assert.Contains("It is attached.", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_gravest_outcome_is_in_the_subject_and_each_has_its_own_words()
    {
        var text = TextOf(Notification with
        {
            Recipients = [Refused with { Action = DeliveryAction.Relayed, Status = "2.0.0" }, Refused, Refused with { Address = "eve@b.example" }],
        });
        Assert.Contains("Subject: Undelivered mail returned to sender\r\n", text, StringComparison.Ordinal);
        Assert.Contains("has been passed on for this recipient to a server", text, StringComparison.Ordinal);
        Assert.Contains("could not be delivered to these recipients", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reply_of_several_lines_is_folded_and_a_long_one_cut()
    {
        Assert.Contains("Diagnostic-Code: smtp; 550-first\r\n\t550 second\r\n", TextOf(Notification with
        {
            Recipients = [Refused with { Reply = "550-first\n550 second" }],
        }), StringComparison.Ordinal);
        Assert.InRange(Notification with { Recipients = [Refused with { Reply = new string('x', 100_000) }] } is var huge ? huge.ToBytes().Length : 0, 0, 4000);
    }

    private static string TextOf(DeliveryNotification notification) => Encoding.UTF8.GetString(notification.ToBytes());
}
