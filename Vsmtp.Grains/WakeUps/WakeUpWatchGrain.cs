using Microsoft.Extensions.Logging;
using Vsmtp.Contracts.Queues;

namespace Vsmtp.Grains.WakeUps;

/// <summary>Looks once a minute; a mail that it finds has been passed over by every sweep.</summary>
public sealed partial class WakeUpWatchGrain(IWakeUps wakeUps, MailWaker waker, ILogger<WakeUpWatchGrain> logger)
    : Grain, IWakeUpWatch, IRemindable
{
    private const string ReminderName = "overdue";
    private const int MostAtOnce = 200;
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    public Task Watch() => this.RegisterOrUpdateReminder(ReminderName, Period, Period);

    public Task ReceiveReminder(string reminderName, TickStatus status) => Look();

    public async Task Look()
    {
        if (await wakeUps.CountOverdueAsync(Period, CancellationToken.None) is not (> 0 and var overdue)) return;
        LogOverdue(overdue);
        while (await waker.WakeAsync(MostAtOnce, Period, CancellationToken.None) == MostAtOnce)
        {
            // A batch more.
        }
    }

    [LoggerMessage(EventId = GrainEvents.Overdue, Level = LogLevel.Warning,
        Message = "{Count} mails have been due for over a minute without a sweep that took them; they are woken now")]
    private partial void LogOverdue(int count);
}
