namespace Vsmtp.Smtp.Server;

/// <summary>
/// Where one message goes while it arrives. Ends with exactly one of Complete and Abort, or with both if Complete throws.
/// </summary>
public interface IMessageSink
{
    /// <summary>Takes the next bytes as they will be kept: dots of transparency removed, every line with its CRLF.</summary>
    /// <param name="bytes">Valid until the returned task ends. A line, even a CRLF, may be parted between two calls.</param>
    ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);

    /// <summary>
    /// The message is whole. When this returns with a positive reply the message is the server's (RFC 5321 §4.2.5).
    /// </summary>
    ValueTask<SessionVerdict> CompleteAsync(CancellationToken cancellationToken);

    /// <summary>What was written is to be forgotten. The rest of the message is not shown.</summary>
    ValueTask AbortAsync(MessageAbort reason);
}
