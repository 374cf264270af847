namespace Vsmtp.Cli.Serving;

/// <summary>The socket of the local API.</summary>
internal static class LocalSocket
{
    /// <summary>Makes its folder and takes away what a process before left; the store's lock says that none runs.</summary>
    /// <exception cref="IOException">There is a file with content, which no socket has: the configuration names the wrong path.</exception>
    public static void Prepare(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (new FileInfo(path) is { Exists: true, Length: > 0 }) throw new IOException($"'{path}', server.api.socket, is a file and no socket");
        File.Delete(path);
    }
}
