using Microsoft.Extensions.Logging;
using Orleans;
using Vsmtp.Contracts.Mail;
using Vsmtp.Contracts.Stores;

namespace Vsmtp.Delivery.Work;

/// <summary>Tells a mail's grain an outcome; for an hour, should the calls fail. After that the sweep finds the mail.</summary>
/// <remarks>
/// Until it is told the attempt counts as under way. To give up early would be to deliver once more what has been delivered:
/// again and again where the store takes the sweep's small write and not the grain's.
/// </remarks>
internal sealed partial class GrainReporter(IGrainFactory grains, IStoreHealth store, TimeProvider time, ILogger log)
{
    private const int MaxTries = 120;

    private static readonly TimeSpan[] Pauses =
        [TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30)];

    /// <exception cref="OperationCanceledException">Cancelled in a pause, or while the store was away: not told.</exception>
    public async Task TellAsync(string mailId, Func<IMailGrain, Task> tell, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            await store.WhenBackAsync(cancellationToken).ConfigureAwait(false);   // without a try: it may take longer than the tries last
            try
            {
                await tell(grains.GetGrain<IMailGrain>(mailId)).ConfigureAwait(false);
                return;
            }
            catch (Exception e) when (tries < MaxTries)
            {
                LogRetry(mailId, e);
            }
            catch (Exception e)
            {
                LogGivenUp(mailId, e);
                return;
            }

            await Task.Delay(Pauses[Math.Min(tries, Pauses.Length) - 1], time, cancellationToken).ConfigureAwait(false);
        }
    }

    [LoggerMessage(EventId = DeliveryEvents.ReportRetried, Level = LogLevel.Warning,
        Message = "{MailId}: its grain did not take the outcome, tried again")]
    private partial void LogRetry(string mailId, Exception e);

    [LoggerMessage(EventId = DeliveryEvents.ReportGivenUp, Level = LogLevel.Error,
        Message = "{MailId}: its grain did not take the outcome; left to the sweep")]
    private partial void LogGivenUp(string mailId, Exception e);
}
