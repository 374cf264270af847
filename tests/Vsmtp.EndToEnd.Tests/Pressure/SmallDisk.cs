using System.Diagnostics;

namespace Vsmtp.EndToEnd.Tests.Pressure;

/// <summary>A file system of a few megabytes; unmounted when disposed.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly string _folder;

    private SmallDisk(string folder) => _folder = folder;

    /// <summary>Mounts it, or skips the test: that takes root.</summary>
    public static SmallDisk Mount(string folder, int mebibytes)
    {
        Directory.CreateDirectory(folder);
        if (!OperatingSystem.IsLinux() || !Run("mount", "-t", "tmpfs", "-o", $"size={mebibytes}m", "tmpfs", folder))
            Assert.Skip("A small file system could not be mounted; that takes root.");
        return new SmallDisk(folder);
    }

    public long Free => new DriveInfo(_folder).AvailableFreeSpace;

    /// <summary>Takes all but so many bytes; null: gives all back.</summary>
    public void Leave(long? bytes)
    {
        var ballast = Path.Combine(_folder, "ballast");
        File.Delete(ballast);
        if (bytes is not { } left || Free <= left) return;
        using var file = File.Create(ballast);
        var block = new byte[64 * 1024];
        for (var more = Free - left; more > 0; more -= block.Length) file.Write(block, 0, (int)Math.Min(more, block.Length));
    }

    public void Dispose() => Run("umount", "-l", _folder);

    private static bool Run(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true });
        process!.WaitForExit();
        return process.ExitCode == 0;
    }
}
