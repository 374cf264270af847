using Vsmtp.Contracts.Pace;

namespace Vsmtp.Grains.Pace;

/// <summary>
/// What was learnt of a destination: more mails at once while it takes them, half as many when it says that it has enough, and none for a
/// while when nobody answers there.
/// </summary>
internal sealed class Tempo(TimeProvider time)
{
    private const int FailuresBeforePause = 2;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan MaxPause = TimeSpan.FromMinutes(5);

    private int _most;
    private int _streak;
    private int _failures;
    private long _pausedAt;
    private TimeSpan _pause;

    /// <summary>Mails that may go at once; 0 before the first report.</summary>
    public int Limit { get; private set; }

    /// <summary>Why nobody was reached.</summary>
    public string Fault { get; private set; } = "";

    /// <summary>For so long nobody is to be asked.</summary>
    public TimeSpan PauseLeft => _pause > time.GetElapsedTime(_pausedAt) ? _pause - time.GetElapsedTime(_pausedAt) : TimeSpan.Zero;

    /// <summary>Nothing was learnt that would be missed.</summary>
    public bool IsWell { get; private set; } = true;

    /// <summary>What went well counts first: a report may tell of both.</summary>
    public void Hear(PaceReport report)
    {
        if (Limit == 0 || report.First == report.Most) Limit = report.First;
        _most = report.Most;
        Limit = Math.Min(Limit, _most);
        if (report.Answered > 0) Widen(report.Answered);
        if (report.Refused > 0) Narrow(Limit / 2);
        if (report.Unanswered > 0) Pause(report.Fault);
    }

    private void Widen(int answered)
    {
        (_failures, _pause, IsWell) = (0, TimeSpan.Zero, true);
        for (_streak += answered; _streak >= Limit && Limit < _most; Limit++) _streak -= Limit;
        _streak = Math.Min(_streak, _most);
    }

    private void Narrow(int limit)
    {
        (Limit, _streak, IsWell) = (Math.Max(1, limit), 0, false);
    }

    private void Pause(string fault)
    {
        Narrow(1);
        if (++_failures < FailuresBeforePause) return;
        _pause = _pause == TimeSpan.Zero ? FirstPause : _pause * 2 < MaxPause ? _pause * 2 : MaxPause;
        (_pausedAt, Fault) = (time.GetTimestamp(), fault);
    }
}
