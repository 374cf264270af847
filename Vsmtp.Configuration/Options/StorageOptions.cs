namespace Vsmtp.Configuration.Options;

/// <summary>The table <c>[server.storage]</c>.</summary>
public sealed record StorageOptions
{
    /// <summary>
    /// Where mails are kept; the environment variable <c>VSMTP_STORAGE_URL</c> goes before the file.
    /// Default: <c>sqlite:</c> and <c>vsmtp.db</c> in <see cref="QueueOptions.DirPath"/>.
    /// </summary>
    public StorageUrl Url { get; init; } = new StorageUrl.Sqlite("/var/spool/vsmtp/vsmtp.db");

    /// <summary>
    /// Bytes that are to stay free where a SQLite store is: with less, new mail is answered 452, and what is left is for the mails that
    /// are there. Default: 64 MiB, or twice <see cref="SmtpOptions.MessageSizeLimit"/> where that is more.
    /// </summary>
    public long FreeSpaceMin { get; init; } = LeastFreeSpace;

    /// <summary>The default where messages are small.</summary>
    internal const long LeastFreeSpace = 64 * 1024 * 1024;
}
