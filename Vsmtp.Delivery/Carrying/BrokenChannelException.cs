namespace Vsmtp.Delivery.Carrying;

/// <summary>The other side of a channel has gone, or what it says makes no sense; the channel is of no use any more.</summary>
internal sealed class BrokenChannelException : Exception
{
    public BrokenChannelException(string message)
        : base(message)
    {
    }

    public BrokenChannelException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
