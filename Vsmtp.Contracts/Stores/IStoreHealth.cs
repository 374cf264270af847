namespace Vsmtp.Contracts.Stores;

/// <summary>What the store can do for this process now; known from what became of its work, not guessed.</summary>
public interface IStoreHealth
{
    /// <summary>Never waits.</summary>
    StoreCondition Condition { get; }

    /// <summary>
    /// Whether a new mail of so many bytes would leave the store the room that it needs for the mails that it has. Always true where
    /// the room cannot be seen, as in another machine's database.
    /// </summary>
    bool HasRoomFor(long bytes);

    /// <summary>Complete at once unless the store is <see cref="StoreCondition.Away"/>, else when it is back.</summary>
    Task WhenBackAsync(CancellationToken cancellationToken);
}
