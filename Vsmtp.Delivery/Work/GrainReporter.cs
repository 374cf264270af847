using Microsoft.Extensions.Logging;
using Orleans;
using Vsmtp.Contracts.Mail;

namespace Vsmtp.Delivery.Work;

/// <summary>Tells a mail's grain an outcome; a few times, should the call fail. After that the sweep finds the mail.</summary>
internal sealed partial class GrainReporter(IGrainFactory grains, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan[] Pauses = [TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5)];

    /// <exception cref="OperationCanceledException">Cancelled in a pause: not told.</exception>
    public async Task TellAsync(string mailId, Func<IMailGrain, Task> tell, CancellationToken cancellationToken)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                await tell(grains.GetGrain<IMailGrain>(mailId)).ConfigureAwait(false);
                return;
            }
            catch (Exception e) when (tries < Pauses.Length)
            {
                LogRetry(mailId, e);
            }
            catch (Exception e)
            {
                LogGivenUp(mailId, e);
                return;
            }

            await Task.Delay(Pauses[tries], time, cancellationToken).ConfigureAwait(false);
        }
    }

    [LoggerMessage(EventId = DeliveryEvents.ReportRetried, Level = LogLevel.Warning,
        Message = "{MailId}: its grain did not take the outcome, tried again")]
    private partial void LogRetry(string mailId, Exception e);

    [LoggerMessage(EventId = DeliveryEvents.ReportGivenUp, Level = LogLevel.Error,
        Message = "{MailId}: its grain did not take the outcome; left to the sweep")]
    private partial void LogGivenUp(string mailId, Exception e);
}
