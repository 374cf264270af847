using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.InAndOut;

/// <summary>A relay host that is away, refuses or breaks off.</summary>
public sealed class RelayFaultTests : IClassFixture<PlainSite>
{
    private readonly PlainSite _site;

    public RelayFaultTests(PlainSite site)
    {
        _site = site;
        _site.Relay.Reset();
    }

    [Fact]
    public async Task A_relay_host_that_is_down_defers_the_mail_until_it_is_up()
    {
        await _site.StopRelayAsync();
        var id = await _site.SendAsync(Messages.Clean("patient"));
        var deferred = await _site.Server.WaitForAsync(id, "deferred");
        Assert.Contains($"127.0.0.1:{_site.Site.RelayPort}", deferred.Mail.Reason);
        Assert.NotNull(deferred.WakeAt);

        _site.StartRelay();
        await _site.DeliveredAsync(id, "patient");
    }

    [Fact]
    public async Task A_refusal_for_good_ends_in_bounced_with_the_reply_and_the_sender_is_told()
    {
        _site.Relay.OnMail = mail => Task.FromResult<string?>(mail.Sender.Length > 0 ? "554 5.6.0 We do not like it" : "250 2.0.0 Taken");
        var id = await _site.SendAsync(Messages.Clean("disliked"));
        var bounced = await _site.Server.WaitForAsync(id, "bounced");

        Assert.Contains("554 5.6.0 We do not like it", bounced.Mail.Reason);
        Assert.Null(bounced.WakeAt);
        await Patience.UntilAsync(() => !_site.Relay.Mails.IsEmpty, "the notification");
        var told = Assert.Single(_site.Relay.Mails);
        Assert.Equal(("", "john@example.org"), (told.Sender, Assert.Single(told.Recipients)));
        Assert.Contains("Diagnostic-Code: smtp; 554 5.6.0 We do not like it\r\n", told.Text, StringComparison.Ordinal);
        Assert.Equal(2, _site.Relay.Seen.Count);
    }

    [Fact]
    public async Task A_refusal_for_now_is_tried_again()
    {
        var answers = new Queue<string>(["451 4.3.0 Come back", "452 4.2.2 Not yet", "250 2.0.0 Taken"]);
        _site.Relay.OnMail = _ => Task.FromResult<string?>(answers.Dequeue());
        var id = await _site.SendAsync(Messages.Clean("again"));
        var deferred = await _site.Server.WaitForAsync(id, "deferred");
        Assert.Contains("Come back", string.Join('\n', deferred.Events.Select(e => e.Why)));

        await _site.DeliveredAsync(id, "again");
        Assert.Equal(3, _site.Relay.Seen.Count);
    }

    [Fact]
    public async Task A_relay_host_that_hangs_up_within_the_message_gets_it_again()
    {
        var isFirst = true;
        _site.Relay.OnMail = _ =>
        {
            var answer = isFirst ? null : "250 2.0.0 Taken";
            isFirst = false;
            return Task.FromResult(answer);
        };
        var id = await _site.SendAsync(Messages.Clean("broken off"));

        await _site.DeliveredAsync(id, "broken off");
        Assert.Equal(2, _site.Relay.Seen.Count);
    }

    [Fact]
    public async Task Each_recipient_has_an_end_of_its_own()
    {
        var isBobAway = true;
        _site.Relay.OnCommand = command => command switch
        {
            _ when command.Contains("<ann@", StringComparison.Ordinal) => "550 5.1.1 No such user ann",
            _ when command.Contains("<bob@", StringComparison.Ordinal) && isBobAway => "450 4.2.1 bob is moving",
            _ => "250 2.0.0 Ok",
        };
        var id = await _site.SendAsync(Messages.Clean("three"), "john@example.org", "jane@example.com", "ann@example.com", "bob@example.com");
        var deferred = await _site.Server.WaitForAsync(id, "deferred");
        Assert.Equal(["delivered", "bounced", "waiting"], deferred.Recipients.Select(recipient => recipient.Status));
        Assert.Contains("bob is moving", deferred.Mail.Reason);

        isBobAway = false;
        var bounced = await _site.Server.WaitForAsync(id, "bounced");
        await Patience.UntilAsync(() => _site.Relay.Mails.Any(mail => mail.Sender.Length == 0), "the notification");
        Assert.Equal(["delivered", "bounced", "delivered"], bounced.Recipients.Select(recipient => recipient.Status));
        Assert.Contains("<ann@example.com>", bounced.Mail.Reason);
        Assert.Contains("550 5.1.1 No such user ann", bounced.Mail.Reason);
        Assert.Equal([["jane@example.com"], ["bob@example.com"]], _site.Relay.Mails.Where(mail => mail.Sender.Length > 0).Select(mail => mail.Recipients));
    }

    [Fact]
    public async Task A_refused_sender_concerns_all_recipients()
    {
        _site.Relay.OnCommand = command =>
            command.StartsWith("MAIL", StringComparison.Ordinal) ? "553 5.1.8 We do not know john" : "250 2.0.0 Ok";
        var id = await _site.SendAsync(Messages.Clean("unknown"), "john@example.org", "jane@example.com", "joe@example.com");
        var bounced = await _site.Server.WaitForAsync(id, "bounced");

        Assert.All(bounced.Recipients, recipient => Assert.Contains("553 5.1.8 We do not know john", recipient.Result));
        Assert.Empty(_site.Relay.Seen);
    }
}
