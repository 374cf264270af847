namespace Vsmtp.Cli.Serving;

/// <summary>The socket of the local API.</summary>
internal static class LocalSocket
{
    /// <summary>Makes its folder and takes away what a process before left; the store's lock says that none runs.</summary>
    /// <exception cref="IOException">Something is there that no server has left.</exception>
    public static void Prepare(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        // A socket is empty. A slip of the pen in the configuration must not cost a file.
        if (new FileInfo(path) is { Exists: true, Length: > 0 } || Directory.Exists(path))
            throw new IOException($"server.api.socket is {path}, but what is there is no socket: choose another path, or take it away");
        File.Delete(path);
    }

    /// <summary>The kernel asks who connects for the right to write; a socket is made with all that the mask leaves.</summary>
    public static void OwnerOnly(string path)
    {
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
