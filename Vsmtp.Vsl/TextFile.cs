namespace Vsmtp.Vsl;

/// <summary>Text files of limited size.</summary>
public static class TextFile
{
    private const int PieceBytes = 81920;

    /// <summary>Reads a whole UTF-8 file.</summary>
    /// <returns>False: it is larger than that. The length is that of what was read: a device has none, and never ends.</returns>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static bool TryRead(string path, int maxBytes, out string text)
    {
        text = "";
        using var bytes = new MemoryStream();
        using (var file = File.OpenRead(path))
        {
            var piece = new byte[PieceBytes];
            for (var read = file.Read(piece); read > 0 && bytes.Length <= maxBytes; read = file.Read(piece)) bytes.Write(piece, 0, read);
        }

        if (bytes.Length > maxBytes) return false;
        bytes.Position = 0;
        using var reader = new StreamReader(bytes);
        text = reader.ReadToEnd();
        return true;
    }
}
