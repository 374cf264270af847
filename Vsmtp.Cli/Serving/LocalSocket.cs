namespace Vsmtp.Cli.Serving;

/// <summary>The socket of the local API.</summary>
internal static class LocalSocket
{
    /// <summary>Makes its folder and takes away what a process before left; the store's lock says that none runs.</summary>
    public static void Prepare(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.Delete(path);
    }
}
