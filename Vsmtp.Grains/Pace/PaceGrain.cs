using Vsmtp.Contracts.Pace;

namespace Vsmtp.Grains.Pace;

/// <summary>The pace of one destination or service, in memory only.</summary>
public sealed class PaceGrain : Grain, IPaceGrain
{
    /// <summary>Workers ask again well before.</summary>
    private static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(5);

    /// <summary>Below the time after which a grain that nobody calls is forgotten.</summary>
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(1);

    /// <summary>So long after the last report it is remembered that a destination was not well: longer than the longest pause.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(10);

    private readonly TimeProvider _time;
    private readonly Tempo _tempo;
    private readonly Shares _shares;
    private IGrainTimer? _heart;
    private long _heardAt;

    public PaceGrain(TimeProvider time)
    {
        _time = time;
        _tempo = new Tempo(time);
        _shares = new Shares(LeaseTime, time);
    }

    public Task<PaceLease> Lease(PaceReport report)
    {
        _tempo.Hear(report);
        var width = _shares.Lease(report, _tempo.Limit);
        _heardAt = _time.GetTimestamp();
        if (!_tempo.IsWell) _heart ??= this.RegisterGrainTimer(Beat, new GrainTimerCreationOptions(Heartbeat, Heartbeat) { KeepAlive = true });
        else if (!_shares.AreOut) DeactivateOnIdle();
        return Task.FromResult(new PaceLease(width, LeaseTime, _tempo.PauseLeft, _tempo.Fault));
    }

    /// <summary>Nobody calls a grain of a destination that is left alone, and yet it is to remember that.</summary>
    private Task Beat()
    {
        if (_time.GetElapsedTime(_heardAt) >= Memory) DeactivateOnIdle();
        return Task.CompletedTask;
    }
}
