using Vsmtp.Contracts.Content;

namespace Vsmtp.Storage.Contents;

/// <summary>How many bytes are staged in this process and its store, and how many may be.</summary>
internal sealed class StagedBytes(long staged, long bound)
{
    private long _staged = staged;

    public long Current => Interlocked.Read(ref _staged);

    /// <exception cref="StoreFullException">They would be too many; nothing was counted.</exception>
    public void Take(long bytes)
    {
        if (Interlocked.Add(ref _staged, bytes) <= bound) return;
        Release(bytes);
        throw new StoreFullException($"More than {bound} bytes are being taken or wait for a mail that names them.");
    }

    public void Release(long bytes) => Interlocked.Add(ref _staged, -bytes);
}
