using Vsmtp.Vsl;

namespace Vsmtp.Rules.Loading;

/// <summary>Where the files of objects come from; remembers what was read, which becomes part of the rule set.</summary>
internal sealed class ObjectFiles(IReadOnlyDictionary<string, string>? stored)
{
    /// <summary>Largest file of an object, in bytes: rule sets are kept in the store.</summary>
    private const int MaxFileBytes = 16 * 1024 * 1024;

    private readonly Dictionary<string, string> _read = [];

    public IReadOnlyDictionary<string, string> Read => _read;

    /// <summary>Nothing is read from disk.</summary>
    public bool AreStored => stored is not null;

    /// <param name="text">The text, or what is wrong when the result is false.</param>
    public bool TryRead(string path, out string text)
    {
        if (_read.TryGetValue(path, out text!)) return true;
        var isRead = stored is null ? TryReadFromDisk(path, out text) : TryReadStored(stored, path, out text);
        if (isRead) _read.Add(path, text);
        return isRead;
    }

    private static bool TryReadStored(IReadOnlyDictionary<string, string> stored, string path, out string text)
    {
        var isRead = stored.TryGetValue(path, out var found);
        text = found ?? $"`{path}` is not among the files of the stored rule set";
        return isRead;
    }

    private static bool TryReadFromDisk(string path, out string text)
    {
        try
        {
            if (TextFile.TryRead(path, MaxFileBytes, out text)) return true;
            text = $"`{path}` is larger than {MaxFileBytes} bytes";
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            text = $"failed to read `{path}`: {e.Message}";
            return false;
        }
    }
}
