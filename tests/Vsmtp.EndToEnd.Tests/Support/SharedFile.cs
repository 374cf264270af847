namespace Vsmtp.EndToEnd.Tests.Support;

/// <summary>Reads files that the server is writing.</summary>
internal static class SharedFile
{
    public static string ReadAllText(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(file);
        return reader.ReadToEnd();
    }
}
