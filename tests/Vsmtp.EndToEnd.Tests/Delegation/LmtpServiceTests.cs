using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Delegation;

/// <summary>A service that takes mails by LMTP and brings them back by SMTP.</summary>
public sealed class LmtpSite : RunningSite
{
    public LmtpSite()
        : base(OneDelegation, serviceKeys: null) => Site.Write("service.vsl", $$"""
        service clamsmtpd smtp = #{
            delegator: #{ address: "127.0.0.1:{{Site.ServicePort}}", protocol: "lmtp", timeout: "20s" },
            receiver: "127.0.0.1:{{Site.ReceiverPort}}",
            proof: ["X-Scanned", "X-Found"],
            retry: #{ first: "1s", max: "1s", give_up: "1h" },
        };
        """);
}

/// <summary>What a service says by LMTP, for each recipient, and what is made of it for the mail.</summary>
public sealed class LmtpServiceTests : IClassFixture<LmtpSite>
{
    private static readonly string[] Two = ["jane@example.com", "joe@example.com"];

    private readonly LmtpSite _site;

    public LmtpServiceTests(LmtpSite site)
    {
        _site = site;
        _site.Relay.Reset();
        _site.Service.Reset();
    }

    private Task<string> SendAsync(string subject) => _site.SendAsync(Messages.Clean(subject), "john@example.org", Two);

    [Fact]
    public async Task A_mail_taken_for_all_goes_on_when_it_comes_back()
    {
        _site.Service.OnMail = async mail =>
        {
            var reply = await _site.Returning.ReturnAsync(mail);
            return $"{reply}\r\n{reply}";
        };
        var id = await SendAsync("for all");

        Assert.Equal(Two, (await _site.DeliveredAsync(id, "for all")).Recipients);
        Assert.Equal(Two, Assert.Single(_site.Service.Seen).Recipients);
        Assert.DoesNotContain((await _site.Server.Api.FindAsync(id))!.Events, e => e.What is "sent" or "retry" or "absorbed");
    }

    [Fact]
    public async Task A_mail_refused_for_one_is_rejected_with_the_words_for_that_one()
    {
        _site.Service.Answer("250 2.1.5 jane has it\r\n550 5.7.1 joe may not");
        var mail = await _site.Server.WaitForAsync(await SendAsync("not for joe"), "quarantine/delegation");

        Assert.Contains("rejected: 550 5.7.1 joe may not", mail.Mail.Reason);
        Assert.Empty(_site.Relay.Seen);
    }

    [Fact]
    public async Task A_mail_that_cannot_be_taken_for_one_for_now_is_tried_again_as_a_whole()
    {
        var isFirst = true;
        _site.Service.OnMail = async mail =>
        {
            var answer = isFirst ? "550 5.7.1 jane may not\r\n452 4.2.2 joe is full" : null;
            isFirst = false;
            return answer ?? $"{await _site.Returning.ReturnAsync(mail)}\r\n250 2.1.5 joe too";
        };
        var id = await SendAsync("later");

        await _site.DeliveredAsync(id, "later");
        var events = (await _site.Server.Api.FindAsync(id))!.Events;
        Assert.Single(events, e => e.What == "retry" && e.Why.Contains("452 4.2.2 joe is full", StringComparison.Ordinal));
        Assert.Equal(2, _site.Service.Seen.Count);
    }

    [Fact]
    public async Task A_recipient_refused_at_once_rejects_the_mail_before_it_is_sent()
    {
        _site.Service.OnCommand = command => command.Contains("<joe@", StringComparison.Ordinal) ? "550 5.1.1 No joe" : "250 2.0.0 Ok";
        var mail = await _site.Server.WaitForAsync(await SendAsync("no joe"), "quarantine/delegation");

        Assert.Contains("rejected: 550 5.1.1 No joe", mail.Mail.Reason);
        Assert.Empty(_site.Service.Seen);
    }
}
