namespace Vsmtp.Configuration.Options;

/// <summary>The table <c>[server.queues.working]</c>. Not yet in effect.</summary>
public sealed record WorkingQueueOptions
{
    /// <summary>Mails accepted and waiting for rules before clients are slowed down. Default: 32.</summary>
    public int ChannelSize { get; init; } = 32;
}
