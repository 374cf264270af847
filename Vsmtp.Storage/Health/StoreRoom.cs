namespace Vsmtp.Storage.Health;

/// <summary>How much room a store in a file has: on its file system, and in the file itself, which never shrinks.</summary>
/// <param name="path">Of the file.</param>
/// <param name="least">What is to stay free for the mails that are there.</param>
/// <param name="reusable">Bytes of the file that new rows may use.</param>
internal sealed class StoreRoom(string path, long least, Func<CancellationToken, Task<long>> reusable)
{
    private readonly string _folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
    private long _left = long.MaxValue;

    /// <summary>What is left, as of the last look.</summary>
    public long Left => Interlocked.Read(ref _left);

    public long Least => least;

    public bool Has(long bytes) => Left - bytes >= least;

    public async Task LookAsync(CancellationToken cancellationToken)
    {
        var free = new DriveInfo(_folder).AvailableFreeSpace;
        // The write-ahead log grows on the file system, whatever is free in the file: a quarter is its share.
        var left = free >= 2 * least || free < least / 4 ? free : free + await reusable(cancellationToken).ConfigureAwait(false);
        Interlocked.Exchange(ref _left, left);
    }
}
