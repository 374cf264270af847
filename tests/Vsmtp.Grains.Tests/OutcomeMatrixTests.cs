using Vsmtp.Contracts.Mail;
using Vsmtp.Grains.Mail;

namespace Vsmtp.Grains.Tests;

/// <summary>Every class of reply to every command: where the mail is then, what becomes of it, and what its sender hears.</summary>
public sealed class OutcomeMatrixTests
{
    private const string Later = "451 4.3.0 later";
    private const string Never = "550 5.3.0 never";
    private const string Bye = "421 4.3.2 bye";
    private const string Silence = "";

    public static TheoryData<string, string, int> All
    {
        get
        {
            var all = new TheoryData<string, string, int>();
            foreach (var command in new[] { "CONNECT", "EHLO", "MAIL", "RCPT", "DATA", "DOT" })
            foreach (var reply in new[] { Later, Never, Bye, Silence })
            foreach (var recipients in new[] { 1, 2 }) all.Add(command, reply, recipients);
            return all;
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_command_that_is_answered_so_makes_it_so(string command, string reply, int recipients)
    {
        await using var host = new MailHost("PIPELINING");
        await using var silo = await StartAsync(host);
        // A server that does not know EHLO is greeted with HELO; this one knows neither. Notifications it takes.
        host.Instead = (to, sender) => command switch
        {
            "CONNECT" => to == "CONNECT" ? reply : null,
            "EHLO" => to is "EHLO" or "HELO" ? reply : null,
            _ => sender.Length > 0 && to.StartsWith(command, StringComparison.Ordinal) ? reply : null,
        };
        var id = await SendAsync(silo, recipients);

        // Before there is a session nothing is said of the mail; behind it 5yz is the last word.
        if (reply == Never && command is not ("CONNECT" or "EHLO"))
        {
            await silo.WaitForAsync(id, "bounced");
            var told = host.Next();
            Assert.Equal(("", "john@example.org"), (told.Sender, told.Recipients));
            Assert.Equal(recipients, told.Message.Split("Action: failed\r\nStatus: 5.3.0\r\n").Length - 1);
            return;
        }

        var deferred = await silo.WaitForAsync(id, "deferred");
        Assert.All(deferred.State.Envelope.Recipients, to => Assert.Equal(RecipientStatus.Waiting, to.Status));
        Assert.All(deferred.State.Envelope.Recipients, to => Assert.StartsWith(reply == Never ? "5." : "4.", to.Failure!.Status, StringComparison.Ordinal));
        host.Instead = static (_, _) => null;
        await silo.WaitForAsync(id, "delivered");
        var mail = host.Next();
        Assert.Equal(("john@example.org", recipients), (mail.Sender, mail.Recipients.Split(' ').Length));
        Assert.Empty(host.Taken);
    }

    [Theory]
    [InlineData(Later)]
    [InlineData(Never)]
    public async Task Of_two_recipients_each_has_an_outcome_of_its_own(string reply)
    {
        await using var host = new MailHost("PIPELINING");
        await using var silo = await StartAsync(host);
        host.Instead = (to, _) => to == "RCPT b1@b.example" ? reply : null;
        var id = await SendAsync(silo, recipients: 2);
        var mail = host.Next();
        Assert.Equal("b0@b.example", mail.Recipients);
        if (reply == Never)
        {
            await silo.WaitForAsync(id, "bounced");
            var told = host.Next();
            Assert.Contains("Final-Recipient: rfc822; b1@b.example\r\nAction: failed\r\nStatus: 5.3.0\r\n", told.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("b0@b.example", told.Message, StringComparison.Ordinal);
            return;
        }

        await silo.WaitForAsync(id, "deferred");
        host.Instead = static (_, _) => null;
        await silo.WaitForAsync(id, "delivered");
        Assert.Equal("b1@b.example", host.Next().Recipients);
        Assert.Empty(host.Taken);
    }

    private static Task<TestSilo> StartAsync(MailHost host) => TestSilo.StartAsync(
        "#{}", $"relayhost = \"{host.Place}\"\n[server.queues.delivery]\ndeferred_retry_period = \"300ms\"\n", new MailGrainOptions { ServerName = "mx.example.com" });

    private static async Task<string> SendAsync(TestSilo silo, int recipients)
    {
        var id = MailId.Create(TimeProvider.System);
        var offer = silo.Offer();
        await silo.Mail(id).Accept(offer with
        {
            Envelope = offer.Envelope with
            {
                Recipients = [.. Enumerable.Range(0, recipients).Select(i => new MailRecipient { Address = $"b{i}@b.example", Transport = TransportKind.Deliver })],
            },
        });
        return id;
    }
}
