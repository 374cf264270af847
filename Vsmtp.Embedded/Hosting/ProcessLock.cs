using System.Globalization;

namespace Vsmtp.Embedded.Hosting;

/// <summary>A lock of the operating system on a file: one process at a time has it, and a process that dies has it no more.</summary>
/// <remarks>
/// On Unix it is <c>flock</c> (LOCK_EX), which the kernel lets go of when the process ends in whatever way: no lease to wait for.
/// The file stays when the lock is let go of, since removing it would let two processes lock two files of one name.
/// </remarks>
public sealed class ProcessLock : IDisposable
{
    private const int LockedOnLinux = 11;   // EWOULDBLOCK, here and on the next line
    private const int LockedOnMac = 35;
    private const int LockedOnWindows = unchecked((int)0x80070020);   // ERROR_SHARING_VIOLATION

    private readonly FileStream _file;
    private readonly string _holderFile;

    private ProcessLock(FileStream file, string holderFile)
    {
        _file = file;
        _holderFile = holderFile;
    }

    /// <summary>Takes the lock of <paramref name="path"/>, which is made if it is not there.</summary>
    /// <exception cref="ProcessLockedException">Another process has it.</exception>
    /// <exception cref="IOException">The file cannot be made, or its file system has no locks.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write there.</exception>
    public static ProcessLock Acquire(string path)
    {
        path = Path.GetFullPath(path);
        var holderFile = path + ".pid";
        var file = TryOpen(path) ?? throw new ProcessLockedException(path, ReadHolder(holderFile));
        try
        {
            // .NET goes on in silence where a file system knows no locks, so see it refused.
            if (TryOpen(path) is { } second)
            {
                second.Dispose();
                throw new IOException($"{path}: its file system does not lock files, so nothing proves that one process alone uses it.");
            }

            File.WriteAllText(holderFile, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return new ProcessLock(file, holderFile);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        if (!_file.CanWrite) return;
        File.Delete(_holderFile);
        _file.Dispose();
    }

    private static FileStream? TryOpen(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException failure) when (failure.HResult is LockedOnLinux or LockedOnMac or LockedOnWindows)
        {
            return null;
        }
    }

    /// <summary>The locked file itself cannot be read, hence a second one. What it says is only for people.</summary>
    private static int? ReadHolder(string holderFile)
    {
        try
        {
            return int.TryParse(File.ReadAllText(holderFile), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
