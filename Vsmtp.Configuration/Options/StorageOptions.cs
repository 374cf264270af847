namespace Vsmtp.Configuration.Options;

/// <summary>The table <c>[server.storage]</c>.</summary>
public sealed record StorageOptions
{
    /// <summary>
    /// Where mails are kept; the environment variable <c>VSMTP_STORAGE_URL</c> goes before the file.
    /// Default: <c>sqlite:</c> and <c>vsmtp.db</c> in <see cref="QueueOptions.DirPath"/>.
    /// </summary>
    public StorageUrl Url { get; init; } = new StorageUrl.Sqlite("/var/spool/vsmtp/vsmtp.db");
}
