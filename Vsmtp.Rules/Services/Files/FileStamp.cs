using Microsoft.Win32.SafeHandles;

namespace Vsmtp.Rules.Services.Files;

/// <summary>Which file it is and when it last changed: two equal stamps are the same bytes, but for a change within the clock's grain.</summary>
/// <param name="Changed">Time of the last change of bytes, in nanoseconds of the Unix epoch.</param>
/// <param name="Touched">The same for bytes, name, owner or mode; nobody can set it back.</param>
internal readonly record struct FileStamp(ulong Device, ulong Number, long Length, long Changed, long Touched)
{
    // struct statx is the same on all architectures.
    private const int User = 20;
    private const int Group = 24;
    private const int NumberAt = 32;
    private const int LengthAt = 40;
    private const int TouchedAt = 96;
    private const int ChangedAt = 112;
    private const int DeviceAt = 136;

    /// <summary>Null: there is no such file, or it cannot be looked at.</summary>
    public static FileStamp? Of(string path)
    {
        var buffer = new byte[NativeFile.StatBytes];
        return NativeFile.Stat(NativeFile.AtWorkingFolder, path, 0, NativeFile.StatBasics, buffer) == 0 ? Read(buffer) : null;
    }

    /// <exception cref="IOException">The file cannot be looked at.</exception>
    public static FileStamp Of(SafeFileHandle file) => Read(Stat(file));

    /// <exception cref="IOException">The file cannot be looked at.</exception>
    public static (uint User, uint Group) OwnerOf(SafeFileHandle file)
    {
        var buffer = Stat(file);
        return (BitConverter.ToUInt32(buffer, User), BitConverter.ToUInt32(buffer, Group));
    }

    public bool IsSameFile(FileStamp other) => (Device, Number) == (other.Device, other.Number);

    private static byte[] Stat(SafeFileHandle file)
    {
        var buffer = new byte[NativeFile.StatBytes];
        return NativeFile.Stat(file, "", NativeFile.AtEmptyPath, NativeFile.StatBasics, buffer) == 0 ? buffer : throw NativeFile.Failed("stat", "");
    }

    private static FileStamp Read(byte[] buffer) => new(
        BitConverter.ToUInt64(buffer, DeviceAt), BitConverter.ToUInt64(buffer, NumberAt), BitConverter.ToInt64(buffer, LengthAt),
        Time(buffer, ChangedAt), Time(buffer, TouchedAt));

    private static long Time(byte[] buffer, int at) => (BitConverter.ToInt64(buffer, at) * 1_000_000_000) + BitConverter.ToUInt32(buffer, at + 8);
}
