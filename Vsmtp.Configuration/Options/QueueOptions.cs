namespace Vsmtp.Configuration.Options;

/// <summary>The table <c>[server.queues]</c>.</summary>
public sealed record QueueOptions
{
    /// <summary>
    /// Absolute path of the folder that holds the store and the local API's socket; mandatory in the file when the table is
    /// given. Default: <c>/var/spool/vsmtp</c>.
    /// </summary>
    public string DirPath { get; init; } = "/var/spool/vsmtp";

    public WorkingQueueOptions Working { get; init; } = new();

    public DeliveryQueueOptions Delivery { get; init; } = new();
}
