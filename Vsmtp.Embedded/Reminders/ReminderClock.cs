using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;
using Orleans.Timers;
using Vsmtp.Embedded.Activations;
using Vsmtp.Embedded.Classes;

namespace Vsmtp.Embedded.Reminders;

/// <summary>Keeps all reminders in the order of their next ticks, and ticks.</summary>
internal sealed partial class ReminderClock : IReminderRegistry, IDisposable
{
    private static readonly TimeSpan ShortestPeriod = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestSleep = TimeSpan.FromDays(1);   // a timer cannot sleep for ever

    private readonly GrainClasses _classes;
    private readonly ActivationCatalog _catalog;
    private readonly TimeProvider _time;
    private readonly ILogger<ReminderClock> _logger;
    private readonly IReminderTable? _table;
    private readonly Lock _gate = new();
    private readonly Dictionary<(GrainId Grain, string Name), ScheduledReminder> _reminders = [];
    private readonly SortedSet<ScheduledReminder> _order = new(Comparer<ScheduledReminder>.Create(static (left, right) =>
        left.NextTickAt.CompareTo(right.NextTickAt) is not 0 and var order ? order : left.Number.CompareTo(right.Number)));
    private ITimer? _timer;
    private long _lastNumber;

    public ReminderClock(
        GrainClasses classes, ActivationCatalog catalog, IServiceProvider services, TimeProvider time, ILogger<ReminderClock> logger)
    {
        _classes = classes;
        _catalog = catalog;
        _time = time;
        _logger = logger;
        _table = services.GetService<IReminderTable>();
    }

    private IReminderTable Table => _table ?? throw new InvalidOperationException($"No {nameof(IReminderTable)} is registered.");

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_table is null) return;
        var kept = await _table.ReadAllAsync(cancellationToken).ConfigureAwait(false);
        lock (_gate)
        {
            foreach (var record in kept) Place(record);
            _timer = _time.CreateTimer(static clock => ((ReminderClock)clock!).Tick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            SetTimer();
        }
    }

    /// <summary>No grain is called any more when this is complete.</summary>
    public async Task StopAsync()
    {
        ITimer? timer;
        lock (_gate) (timer, _timer) = (_timer, null);
        if (timer is not null) await timer.DisposeAsync().ConfigureAwait(false);
    }

    public void Dispose() => _timer?.Dispose();

    public async Task<IGrainReminder> RegisterOrUpdateReminder(GrainId callingGrainId, string reminderName, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentException.ThrowIfNullOrEmpty(reminderName);
        ArgumentOutOfRangeException.ThrowIfLessThan(dueTime, TimeSpan.Zero);
        if (period < ShortestPeriod)
            throw new ArgumentException($"The period of reminder \"{reminderName}\" is {period}; the shortest is {ShortestPeriod}.", nameof(period));
        if (_classes.Find(callingGrainId.Type) is not { } known || !known.Implementation.IsAssignableTo(typeof(IRemindable)))
            throw new InvalidOperationException($"{callingGrainId} cannot have a reminder: its class is no {nameof(IRemindable)}.");

        var record = new ReminderRecord(
            callingGrainId.Type.ToString(), callingGrainId.Key.ToString(), reminderName, _time.GetUtcNow() + dueTime, period);
        await Table.UpsertAsync(record, CancellationToken.None).ConfigureAwait(false);
        lock (_gate)
        {
            var placed = Place(record);
            SetTimer();
            return placed;
        }
    }

    public async Task UnregisterReminder(GrainId callingGrainId, IGrainReminder reminder)
    {
        ArgumentNullException.ThrowIfNull(reminder);
        await Table.RemoveAsync(callingGrainId.Type.ToString(), callingGrainId.Key.ToString(), reminder.ReminderName, CancellationToken.None)
            .ConfigureAwait(false);
        lock (_gate)
        {
            Displace((callingGrainId, reminder.ReminderName));
            SetTimer();
        }
    }

    public Task<IGrainReminder?> GetReminder(GrainId callingGrainId, string reminderName)
    {
        lock (_gate) return Task.FromResult<IGrainReminder?>(_reminders.GetValueOrDefault((callingGrainId, reminderName)));
    }

    public Task<List<IGrainReminder>> GetReminders(GrainId callingGrainId)
    {
        lock (_gate)
            return Task.FromResult(_reminders.Where(known => known.Key.Grain == callingGrainId).Select(IGrainReminder (known) => known.Value).ToList());
    }

    private ScheduledReminder Place(ReminderRecord record)
    {
        var name = (GrainId.Create(record.GrainType, record.GrainKey), record.Name);
        Displace(name);
        var placed = new ScheduledReminder(record, ++_lastNumber, ScheduledReminder.NextTick(record, _time.GetUtcNow()));
        _reminders[name] = placed;
        _order.Add(placed);
        return placed;
    }

    private void Displace((GrainId Grain, string Name) name)
    {
        if (_reminders.Remove(name, out var old)) _order.Remove(old);
    }

    private void SetTimer()
    {
        if (_order.Min is not { } next) return;
        var pause = next.NextTickAt - _time.GetUtcNow();
        _timer?.Change(pause < TimeSpan.Zero ? TimeSpan.Zero : pause > LongestSleep ? LongestSleep : pause, Timeout.InfiniteTimeSpan);
    }

    private void Tick()
    {
        var now = _time.GetUtcNow();
        List<ScheduledReminder> due = [];
        lock (_gate)
        {
            if (_timer is null) return;
            while (_order.Min is { } first && first.NextTickAt <= now)
            {
                _order.Remove(first);
                first.MoveOn(now);
                _order.Add(first);
                due.Add(first);
            }

            SetTimer();
        }

        foreach (var reminder in due) Call(reminder, now);
    }

    private void Call(ScheduledReminder reminder, DateTimeOffset now)
    {
        var grain = GrainId.Create(reminder.Record.GrainType, reminder.Record.GrainKey);
        if (_classes.Find(grain.Type) is not { } known || !known.Implementation.IsAssignableTo(typeof(IRemindable)))
        {
            LogReminderOfNobody(grain, reminder.ReminderName);
            return;
        }

        if (reminder.IsTicking)
        {
            LogReminderSkipped(grain, reminder.ReminderName);
            return;
        }

        reminder.IsTicking = true;
        var status = new TickStatus(reminder.Record.FirstTickAt.UtcDateTime, reminder.Record.Period, now.UtcDateTime);
        _catalog.Send(known, reminder.Record.GrainKey, new ReminderTick(
            reminder, status, known.IsReentrant, failure => LogReminderFailed(grain, reminder.ReminderName, failure)));
    }

    [LoggerMessage(EventId = EmbeddedEvents.ReminderFailed, Level = LogLevel.Error, Message = "{Grain}: reminder {Name} failed; it comes again")]
    private partial void LogReminderFailed(GrainId grain, string name, Exception failure);

    [LoggerMessage(EventId = EmbeddedEvents.ReminderSkipped, Level = LogLevel.Warning,
        Message = "{Grain}: reminder {Name} is left out once, the grain is still at the tick before")]
    private partial void LogReminderSkipped(GrainId grain, string name);

    [LoggerMessage(EventId = EmbeddedEvents.ReminderOfNobody, Level = LogLevel.Warning,
        Message = "{Grain}: reminder {Name} calls nobody, this program has no such grain class")]
    private partial void LogReminderOfNobody(GrainId grain, string name);
}
