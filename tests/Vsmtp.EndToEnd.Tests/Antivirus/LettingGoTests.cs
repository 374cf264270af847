using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Antivirus;

/// <summary>clamsmtpd drops a mail by two messages in one breath, 250 to us and RSET to our receiver; here in the order that is bad luck.</summary>
public sealed class LettingGoTests
{
    private const string Proof = """proof: ["X-Scanned"],""";

    [Fact]
    public async Task A_service_that_lets_go_just_behind_its_250_has_absorbed_the_mail()
    {
        await using var site = await RunningSite.StartAsync(RunningSite.OneDelegation, Proof);
        using var receiver = await RawSmtp.OpenAsync(site.Site.ReceiverPort);
        site.Service.OnMail = async mail =>
        {
            foreach (var command in mail.Commands) Assert.StartsWith("250", await receiver.AskAsync(command));
            return "250 Virus Detected; Discarded Email";
        };
        var id = await site.SendAsync(Messages.Clean("dropped"));
        await HappenedAsync(site, id, "sent");

        Assert.StartsWith("250", await receiver.AskAsync("RSET"));

        var mail = await site.Server.WaitForAsync(id, "quarantine/delegation");
        Assert.StartsWith("absorbed", mail.Mail.Reason);
        Assert.Contains(mail.Events, e => e.What == "absorbed" && e.Why.Contains("Discarded Email", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_service_that_comes_behind_its_250_and_lets_go_may_come_again()
    {
        await using var site = await RunningSite.StartAsync(RunningSite.OneDelegation, Proof);
        var id = await site.SendAsync(Messages.Clean("queued"));
        await HappenedAsync(site, id, "sent");
        var queued = Assert.Single(site.Service.Seen);

        await site.Returning.LetGoAsync(queued, "RSET");
        Assert.StartsWith("250", await site.Returning.ReturnAsync(queued));

        await site.DeliveredAsync(id, "queued");
        Assert.DoesNotContain((await site.Server.Api.FindAsync(id))!.Events, e => e.What == "absorbed");
    }

    private static Task HappenedAsync(RunningSite site, string id, string what) => Patience.UntilAsync(
        async () => (await site.Server.Api.FindAsync(id))?.Events.Any(e => e.What == what) is true, $"{id}: {what}");
}
