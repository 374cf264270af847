namespace Vsmtp.Delivery.Work;

/// <summary>Who may go now, and who waits.</summary>
internal interface ITurns : IDisposable
{
    /// <summary>It must not be forgotten though nobody waits.</summary>
    bool IsKept { get; }

    /// <summary>Waits for a turn; disposing what it gives ends the turn. Those that wait go in order.</summary>
    Task<IDisposable> EnterAsync(CancellationToken cancellationToken);
}
