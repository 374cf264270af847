using System.Diagnostics;

namespace Vsmtp.Faults.Ledgers;

/// <summary>A mail that the smarthost took.</summary>
/// <param name="Mail">The test's own name of it.</param>
/// <param name="Id">The server's.</param>
/// <param name="Proof">What the service had written into it.</param>
/// <param name="Content">The message, by its fingerprint.</param>
/// <param name="IsReplyLost">The smarthost took it and did not say so.</param>
internal sealed record Arrival(string Mail, string Id, string? Proof, string Content, bool IsReplyLost)
{
    /// <summary>When the message was asked for, by the monotonic clock. Its last bytes may have waited long to be read, their sender dead.</summary>
    public required long Since { get; init; }

    /// <summary>When it was taken.</summary>
    public long At { get; } = Stopwatch.GetTimestamp();
}
