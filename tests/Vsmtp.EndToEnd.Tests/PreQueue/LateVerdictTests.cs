using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.PreQueue;

/// <summary>The wait is over before the service has said anything.</summary>
public sealed class LateVerdictTests(LateAcceptSite accepting, LateTempfailSite refusing) : IClassFixture<LateAcceptSite>, IClassFixture<LateTempfailSite>
{
    [Fact]
    public async Task Accepted_late_it_sleeps_on_and_its_return_resumes_preq()
    {
        using var client = await WaitingClient.SendAsync(accepting, "late and clean");
        Assert.StartsWith("250", await client.Smtp.ReadReplyAsync());
        await accepting.Server.WaitForAsync(client.Id, "delegated");

        Assert.StartsWith("250", await accepting.Returning.ReturnAsync(MailOf(accepting, "late and clean")));
        var delivered = await accepting.DeliveredAsync(client.Id, "late and clean");
        Assert.Equal(("done", "done"), (delivered.Header("X-Preq"), delivered.Header("X-Postq")));
    }

    [Theory]
    [InlineData("deny")]
    [InlineData("info")]
    public async Task A_refusal_that_comes_after_the_250_drops_the_mail(string found)
    {
        var subject = $"late and infected: {found}";
        using var client = await WaitingClient.SendAsync(accepting, subject);
        Assert.StartsWith("250", await client.Smtp.ReadReplyAsync());
        var mail = MailOf(accepting, subject);
        Assert.StartsWith("250", await accepting.Returning.ReturnAsync(mail, Messages.WithHeader(mail.Text, "X-Found", found)));

        Assert.Contains("denied by a rule of preq", (await accepting.Server.WaitForAsync(client.Id, "dead")).Mail.Reason);
        Assert.DoesNotContain(accepting.Relay.Seen, relayed => relayed.Header("Subject") == subject);
    }

    [Fact]
    public async Task A_service_that_cannot_be_reached_is_asked_on_after_the_250()
    {
        await using var site = await RunningSite.StartAsync(PreQueueRules.Text, PreQueueRules.Service("1s", "accept"));
        await site.StopServiceAsync();
        var id = await site.SendAsync(Messages.Clean("unreachable"));
        await site.Server.WaitForAsync(id, "delegated");
        site.StartService();
        await Patience.UntilAsync(() => !site.Service.Mails.IsEmpty, "the service is asked again");
        Assert.StartsWith("250", await site.Returning.ReturnAsync(Assert.Single(site.Service.Mails)));
        await site.DeliveredAsync(id, "unreachable");
    }

    [Fact]
    public async Task Refused_for_being_late_it_is_gone_and_its_return_is_discarded()
    {
        using var client = await WaitingClient.SendAsync(refusing, "too late");
        Assert.Equal("451 4.7.1 Not checked for now: come again", await client.Smtp.ReadReplyAsync());
        Assert.StartsWith("250", await client.Smtp.AskAsync("NOOP"));
        Assert.StartsWith("250", await refusing.Returning.ReturnAsync(MailOf(refusing, "too late")));

        var mail = await refusing.Server.WaitForAsync(client.Id, "withdrawn");
        Assert.Contains(mail.Events, e => e.What == "discarded");
        Assert.DoesNotContain(refusing.Relay.Seen, relayed => relayed.Header("Subject") == "too late");
    }

    [Fact]
    public async Task A_service_that_cannot_be_reached_is_a_451()
    {
        await using var site = await RunningSite.StartAsync(PreQueueRules.Text, PreQueueRules.Service("1s", "tempfail"));
        await site.StopServiceAsync();
        using var smtp = await WaitingClient.OpenAsync(site, "unreachable");
        Assert.StartsWith("451 4.7.1", await smtp.ReadReplyAsync());
        var withdrawn = Assert.Single(await site.Server.Api.ListAsync("withdrawn"));
        Assert.Contains("no verdict in time", withdrawn.Reason);
    }

    private static ReceivedMail MailOf(RunningSite site, string subject) =>
        Assert.Single(site.Service.Mails, mail => mail.Header("Subject") == subject);
}
