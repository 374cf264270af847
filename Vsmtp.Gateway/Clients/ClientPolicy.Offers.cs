using Vsmtp.Contracts.Mail;
using Vsmtp.Rules;
using Vsmtp.Smtp.Replies;
using Vsmtp.Smtp.Server;

namespace Vsmtp.Gateway.Clients;

internal sealed partial class ClientPolicy
{
    /// <summary>A rule of preq wants the verdict of a service, for which the client waits.</summary>
    /// <param name="gone">The client's end of the connection is closed.</param>
    private async ValueTask<SessionVerdict> WaitAsync(
        SmtpTransaction transaction, AcceptMail mail, DelegateRequest request, CancellationToken gone)
    {
        var id = _context.MessageId!;
        using var watch = transaction.Session.Watch?.Invoke();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(gone, services.Stopping);
        try
        {
            var wait = request.PreqWait ?? TimeSpan.Zero;
            var answer = await services.Offers.RunAsync(id, new OfferMail(mail, request.Directive), wait, end.Token).ConfigureAwait(false);
            if (answer is null) return SessionVerdict.HangUp;
            return answer.Standing is OfferStanding.Accepted
                ? Accepted(transaction, mail)
                : await RefusedAsync(transaction, mail, answer).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!gone.IsCancellationRequested && services.Stopping.IsCancellationRequested)
        {
            return SessionVerdict.RefuseAndClose(SmtpReplies.ShuttingDown);
        }
    }

    private async ValueTask<SessionVerdict> RefusedAsync(SmtpTransaction transaction, AcceptMail mail, OfferAnswer answer)
    {
        // Where the offer itself came to nothing no mail names the bytes.
        await services.Contents.DiscardAsync(mail.Content, CancellationToken.None).ConfigureAwait(false);
        var reply = answer.Reply is { } told ? RuleVerdicts.ReplyOf(new RuleReply(told.Code, told.Enhanced, told.Text))! : services.Denied;
        LogMailRefused(transaction.Session.Id, reply.ToString());
        return answer.Closes ? SessionVerdict.RefuseAndClose(reply) : SessionVerdict.Inform(reply);
    }
}
