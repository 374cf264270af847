namespace Vsmtp.Configuration.Options;

/// <summary>The table <c>[server.queues.delivery]</c>.</summary>
public sealed record DeliveryQueueOptions
{
    /// <summary>Mails waiting for a sender before rules are slowed down. Default: 32. Not yet in effect.</summary>
    public int ChannelSize { get; init; } = 32;

    /// <summary>
    /// Failed attempts after which a recipient is given up, if the 5 days of RFC 5321 §4.5.4.1 are not over before.
    /// Default: 100, which growing pauses do not reach in 5 days.
    /// </summary>
    public int DeferredRetryMax { get; init; } = 100;

    /// <summary>The first pause after a temporary failure; later ones grow. Default: 5 minutes.</summary>
    public TimeSpan DeferredRetryPeriod { get; init; } = TimeSpan.FromMinutes(5);
}
