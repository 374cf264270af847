using Vsmtp.Dashboard.Api;
using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.PreQueue;

/// <summary>A client that has sent its mail and waits for the reply to the dot.</summary>
internal sealed class WaitingClient : IDisposable
{
    private WaitingClient(RawSmtp smtp, ApiMail mail) => (Smtp, Mail) = (smtp, mail);

    public RawSmtp Smtp { get; }

    /// <summary>As it was when the service had it: offered, or where the end of the wait has brought it.</summary>
    public ApiMail Mail { get; }

    public string Id => Mail.Id;

    /// <summary>Returns when the service has the mail.</summary>
    public static async Task<WaitingClient> SendAsync(RunningSite site, string subject)
    {
        var smtp = await OpenAsync(site, subject);
        ReceivedMail? sent = null;
        await Patience.UntilAsync(
            () => (sent = site.Service.Mails.FirstOrDefault(mail => mail.Header("Subject") == subject)) is not null, $"{subject}: the service has it");
        ApiMail[] all = [.. await site.Server.Api.ListAsync(queue: null), .. await site.Server.Api.ListAsync("withdrawn")];
        return new WaitingClient(smtp, all.First(mail => mail.Subject == subject));
    }

    /// <summary>Returns when the dot is sent.</summary>
    public static async Task<RawSmtp> OpenAsync(RunningSite site, string subject)
    {
        var smtp = await RawSmtp.OpenAsync(site.Site.ClientPort);
        Assert.StartsWith("250", await smtp.AskAsync("MAIL FROM:<john@example.org>"));
        Assert.StartsWith("250", await smtp.AskAsync("RCPT TO:<jane@example.com>"));
        Assert.StartsWith("354", await smtp.AskAsync("DATA"));
        await smtp.SendAsync(Messages.Clean(subject) + ".\r\n");
        return smtp;
    }

    public void Dispose() => Smtp.Dispose();
}
