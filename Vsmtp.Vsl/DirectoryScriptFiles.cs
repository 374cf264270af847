namespace Vsmtp.Vsl;

/// <summary>Reads scripts from disk, relative to one directory.</summary>
public sealed class DirectoryScriptFiles(string directory) : IScriptFiles
{
    /// <summary>Largest script file that is read, in bytes.</summary>
    public const int MaxFileBytes = 4 * 1024 * 1024;

    public bool TryRead(string path, out string text)
    {
        var file = new FileInfo(Path.Combine(directory, path));
        text = "";
        try
        {
            if (!file.Exists) return false;
            if (TextFile.TryRead(file.FullName, MaxFileBytes, out text)) return true;
            text = $"the file is larger than {MaxFileBytes} bytes";
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            text = e.Message;
            return false;
        }
    }
}
