namespace Vsmtp.Storage;

/// <summary>A store in one SQLite file.</summary>
public sealed record SqliteStoreOptions : StoreOptions
{
    /// <summary>The database file. Its folder is created if need be; SQLite keeps two more beside it (<c>-wal</c>, <c>-shm</c>).</summary>
    public required string Path { get; init; }

    /// <summary>Size of the write-ahead log from which it is written back into the database. Default: 16,777,216 (16 MiB).</summary>
    public long CheckpointBytes { get; init; } = 16 << 20;

    /// <summary>
    /// What is to stay free, on the file system and in the file, for the mails that are there: with less, no new mail is taken.
    /// Default: 67,108,864 (64 MiB).
    /// </summary>
    public long MinFreeBytes { get; init; } = 64 << 20;
}
