namespace Vsmtp.Storage.Tests.Contract;

/// <summary>A clock that goes on only when a test says so.</summary>
public sealed class ManualTime : TimeProvider
{
    private DateTimeOffset _now = new(2026, 11, 22, 10, 0, 0, TimeSpan.Zero);

    /// <summary>For a store whose time is another's than this process's.</summary>
    public event Action<DateTimeOffset>? Changed;

    public override DateTimeOffset GetUtcNow() => _now;

    public void Advance(TimeSpan by)
    {
        _now += by;
        Changed?.Invoke(_now);
    }
}
