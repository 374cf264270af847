using System.Net.Sockets;
using System.Threading.Channels;
using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Killing;

/// <summary>Sends mails as a real MTA does: what got no 250 is sent again, over a new connection, until it gets one.</summary>
internal sealed class PersistentClient(int port, ChannelReader<TestMail> mails, KillSwitch kills)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private RawSmtp? _smtp;

    public async Task SendAllAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var mail in mails.ReadAllAsync(cancellationToken))
            {
                while (!await TrySendAsync(mail)) await Task.Delay(Pause, cancellationToken);
            }
        }
        finally
        {
            _smtp?.Dispose();
        }
    }

    private async Task<bool> TrySendAsync(TestMail mail)
    {
        var isUncertain = false;
        try
        {
            if ((_smtp ??= await OpenAsync()) is not { } smtp) return false;
            foreach (var command in mail.Recipients.Select(recipient => $"RCPT TO:<{recipient}>").Prepend("MAIL FROM:<john@example.org>"))
            {
                if (!(await smtp.AskAsync(command)).StartsWith("250", StringComparison.Ordinal)) return Drop();
            }

            if (!(await smtp.AskAsync("DATA")).StartsWith("354", StringComparison.Ordinal)) return Drop();
            var message = mail.Message;
            await smtp.SendAsync(message[..(message.Length / 2)]);
            if (kills.At(KillMoment.WithinData) is { } killed)
            {
                await killed;
                return Drop();
            }

            isUncertain = true;
            await smtp.SendAsync(message[(message.Length / 2)..] + ".\r\n");
            var dead = kills.At(KillMoment.AtDot);
            var reply = await smtp.ReadReplyAsync();
            if (dead is not null) await dead;
            if (reply.Length > 0) isUncertain = false;
            if (!reply.StartsWith("250", StringComparison.Ordinal)) return Drop();

            mail.AcceptedAs = RawSmtp.IdOf(reply);
            return true;
        }
        catch (Exception gone) when (gone is IOException or SocketException or TimeoutException)
        {
            return Drop();
        }
        finally
        {
            if (isUncertain) mail.UncertainSends++;
        }
    }

    /// <summary>Null: nobody serves there now.</summary>
    private async Task<RawSmtp?> OpenAsync()
    {
        var (smtp, greeting) = await RawSmtp.ConnectAsync(port);
        if (greeting.StartsWith("220", StringComparison.Ordinal)
            && (await smtp.AskAsync("EHLO client.example.org")).StartsWith("250", StringComparison.Ordinal)) return smtp;
        smtp.Dispose();
        return null;
    }

    private bool Drop()
    {
        _smtp?.Dispose();
        _smtp = null;
        return false;
    }
}
