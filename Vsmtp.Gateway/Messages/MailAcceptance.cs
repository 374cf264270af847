using Microsoft.Extensions.Logging;
using Orleans;
using Vsmtp.Contracts.Content;
using Vsmtp.Contracts.Mail;
using Vsmtp.Storage;

namespace Vsmtp.Gateway.Messages;

/// <summary>Hands mails to their grains, and finds out what became of those whose grain gave no answer.</summary>
internal sealed partial class MailAcceptance(
    IGrainFactory grains, PatientCall calls, INewMails newMails, IAcceptances acceptances, GatewayOptions options, TimeProvider time,
    ILogger<MailAcceptance> logger)
{
    private readonly ILogger _logger = logger;

    /// <param name="mailId">Made for this mail, and never offered before.</param>
    /// <returns>
    /// Null: unknown, since neither the grain nor the store answers. A reply to the client could be untrue. Crowded: not taken, though it
    /// was offered again and again; the client's wait is what slows it down.
    /// </returns>
    /// <exception cref="StoreFullException">There is no room; the mail is not accepted.</exception>
    public async Task<AcceptAnswer?> OfferAsync(string mailId, AcceptMail mail)
    {
        var began = time.GetTimestamp();
        var isUncertain = false;
        void NoAnswer(Exception unknown)
        {
            isUncertain = true;
            LogNoAnswer(unknown, mailId);
        }

        newMails.Announce(mailId);
        try
        {
            while (true)
            {
                var answer = await calls.RunAsync(() => grains.GetGrain<IMailGrain>(mailId).Accept(mail), NoAnswer).ConfigureAwait(false);
                if (answer is not AcceptAnswer.Crowded) return answer;
                if (time.GetElapsedTime(began) > options.AnswerPatience)
                {
                    // A call before, of which nothing was heard, may still be on its way.
                    if (isUncertain) break;
                    return answer;
                }

                await Task.Delay(options.AnswerPause, time).ConfigureAwait(false);
            }
        }
        catch (Exception unknown) when (isUncertain || unknown is not StoreFullException)
        {
            // Timed out, a silo that died, a write that broke: the commit may have been made all the same.
            LogNoAnswer(unknown, mailId);
        }
        finally
        {
            newMails.Forget(mailId);
        }

        return await SettleAsync(mailId).ConfigureAwait(false);
    }

    /// <summary>Asks the store itself: either the mail is there, or it never will be.</summary>
    /// <returns>Null: the store does not answer.</returns>
    public async Task<AcceptAnswer?> SettleAsync(string mailId)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            bool isOver;
            try
            {
                var answer = await acceptances.SettleAsync(mailId).ConfigureAwait(false);
                LogSettled(mailId, answer);
                return answer;
            }
            catch (Exception fault)
            {
                isOver = fault is StoreUnusableException;      // for good: this process ends, or its store waits for a restart
                LogNotSettled(fault, mailId);
            }

            if (isOver || time.GetElapsedTime(began) > options.SettleTimeout) return null;
            await Task.Delay(options.AnswerPause, time).ConfigureAwait(false);
        }
    }

    [LoggerMessage(EventId = GatewayEvents.AcceptUnanswered, Level = LogLevel.Warning, Message = "{Mail}: its grain gave no answer")]
    private partial void LogNoAnswer(Exception unknown, string mail);

    [LoggerMessage(EventId = GatewayEvents.AcceptSettled, Level = LogLevel.Warning, Message = "{Mail}: by the store it is {Answer}")]
    private partial void LogSettled(string mail, AcceptAnswer answer);

    [LoggerMessage(EventId = GatewayEvents.AcceptUnsettled, Level = LogLevel.Error, Message = "{Mail}: whether it is accepted is not known, and the store does not answer")]
    private partial void LogNotSettled(Exception fault, string mail);
}
