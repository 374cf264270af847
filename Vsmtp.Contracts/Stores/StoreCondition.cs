namespace Vsmtp.Contracts.Stores;

/// <summary>How the store is.</summary>
public enum StoreCondition
{
    Serving,

    /// <summary>It has refused a write for want of room: no new mail; what it has may go on, which makes room.</summary>
    Full,

    /// <summary>It cannot be reached, fails or hangs: nothing can be accepted, and no work begun. It comes back by itself.</summary>
    Away,
}
