namespace Vsmtp.Configuration.Options;

/// <summary>
/// The table <c>[server.system.thread_pool]</c>, complete or absent. Read for files of the earlier program: the runtime
/// sizes its own pool. Not yet in effect.
/// </summary>
public sealed record ThreadPoolOptions
{
    /// <summary>Threads, at least 1. Default: 6.</summary>
    public int Receiver { get; init; } = 6;

    /// <summary>Threads, at least 1. Default: 6.</summary>
    public int Processing { get; init; } = 6;

    /// <summary>Threads, at least 1. Default: 6.</summary>
    public int Delivery { get; init; } = 6;
}
