using Microsoft.Extensions.Logging;
using Orleans;
using Vsmtp.Contracts.Content;
using Vsmtp.Contracts.Mail;

namespace Vsmtp.Gateway.Messages;

/// <summary>
/// Offers mails to their grains while their clients wait for a service's verdict (docs/design/011-preq-delegation.md). Until
/// <see cref="IMailGrain.Confirm"/> is called nothing of a mail is ever delivered, whatever becomes of this process, so that all ways out
/// before it may tell the client 4yz.
/// </summary>
internal sealed partial class MailOffers(
    IGrainFactory grains, PatientCall calls, MailAcceptance acceptance, GatewayOptions options, TimeProvider time, ILogger<MailOffers> logger)
{
    private readonly ILogger _logger = logger;

    /// <param name="mailId">Of a mail that nobody knows yet.</param>
    /// <param name="offer">What the rules of preq want a service to see.</param>
    /// <param name="wait">How long the client is kept waiting.</param>
    /// <param name="end">The client is gone, or the server stops.</param>
    /// <returns>
    /// Accepted or refused, for all that comes later. Null: unknown, since neither the grain nor the store answers; a reply to the client
    /// could be untrue.
    /// </returns>
    /// <exception cref="OperationCanceledException">The token; the mail is withdrawn.</exception>
    /// <exception cref="StoreFullException">There is no room; nothing was written.</exception>
    public async Task<OfferAnswer?> RunAsync(string mailId, OfferMail offer, TimeSpan wait, CancellationToken end)
    {
        var began = time.GetTimestamp();
        try
        {
            var answer = await OfferAsync(mailId, offer).ConfigureAwait(false);
            while (answer.Standing is OfferStanding.Open && wait - time.GetElapsedTime(began) is var left && left > TimeSpan.Zero)
            {
                answer = await AskAsync(mailId, left, end).ConfigureAwait(false);
            }

            end.ThrowIfCancellationRequested();
            return answer.Standing is OfferStanding.Refused
                ? answer
                : await ConfirmAsync(mailId, isWaitOver: answer.Standing is OfferStanding.Open).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            await WithdrawAsync(mailId, "the client went away, or the server stopped, before the verdict").ConfigureAwait(false);
            throw;
        }
    }

    private async Task<OfferAnswer> OfferAsync(string mailId, OfferMail offer)
    {
        try
        {
            return await calls.RunAsync(() => Mail(mailId).Offer(offer), unknown => LogNoAnswer(unknown, mailId)).ConfigureAwait(false);
        }
        catch (Exception unknown) when (unknown is not StoreFullException)
        {
            // It may be offered all the same; nobody will confirm it.
            LogNoAnswer(unknown, mailId);
            await WithdrawAsync(mailId, "its grain gave no answer; the client was told to come again").ConfigureAwait(false);
            return OfferAnswer.Gone;
        }
    }

    /// <summary>Asks once. A silo that gives no answer is one that says nothing yet: another will have the mail.</summary>
    private async Task<OfferAnswer> AskAsync(string mailId, TimeSpan left, CancellationToken end)
    {
        end.ThrowIfCancellationRequested();
        try
        {
            return await Mail(mailId).AwaitVerdict().WaitAsync(left, time, end).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return new OfferAnswer(OfferStanding.Open);
        }
        catch (Exception unknown) when (!end.IsCancellationRequested)
        {
            LogNoAnswer(unknown, mailId);
        }

        await Task.Delay(options.AnswerPause < left ? options.AnswerPause : left, time, end).ConfigureAwait(false);
        return new OfferAnswer(OfferStanding.Open);
    }

    private async Task<OfferAnswer?> ConfirmAsync(string mailId, bool isWaitOver)
    {
        try
        {
            var answer = await calls.RunAsync(() => Mail(mailId).Confirm(isWaitOver), unknown => LogNoAnswer(unknown, mailId)).ConfigureAwait(false);
            if (answer.Standing is OfferStanding.Accepted or OfferStanding.Refused) return answer;
        }
        catch (Exception unknown)
        {
            LogNoAnswer(unknown, mailId);
        }

        return await acceptance.SettleAsync(mailId).ConfigureAwait(false) switch
        {
            AcceptAnswer.Accepted => new OfferAnswer(OfferStanding.Accepted),
            AcceptAnswer.Withdrawn => OfferAnswer.Gone,
            _ => null,
        };
    }

    /// <summary>Sooner than the mail's own wake-up would; without an answer that one does it.</summary>
    private async Task WithdrawAsync(string mailId, string why)
    {
        try
        {
            await calls.RunAsync(() => Mail(mailId).Withdraw(why), unknown => LogNoAnswer(unknown, mailId)).ConfigureAwait(false);
        }
        catch (Exception unknown)
        {
            LogNoAnswer(unknown, mailId);
        }
    }

    private IMailGrain Mail(string mailId) => grains.GetGrain<IMailGrain>(mailId);

    [LoggerMessage(EventId = GatewayEvents.OfferUnanswered, Level = LogLevel.Warning, Message = "{Mail}: its grain gave no answer while the client waits")]
    private partial void LogNoAnswer(Exception unknown, string mail);
}
