using Vsmtp.Rules.Loading;

namespace Vsmtp.Rules.Services.Files;

/// <summary>Which files may be databases of rules.</summary>
internal static class DatabaseFile
{
    private static readonly string[] StoreParts = ["", "-wal", "-shm", "-journal"];

    /// <param name="mustBeRead">Whether to open it, too: what a set that was loaded before names may be missing on this machine.</param>
    /// <returns>What is wrong with the path; null: nothing.</returns>
    public static string? Fault(string path, LoadState state, bool mustBeRead)
    {
        if (!Path.IsPathFullyQualified(path)) return $"the path must be absolute, and `{path}` is not";
        if (IsStore(path, state.Options.StoreFile)) return $"`{path}` is the store of this server's mails, which rules cannot use";
        if (state.IsStored || !mustBeRead) return null;
        try
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"failed to open `{path}`: {e.Message}";
        }
    }

    /// <summary>By any name: a second opening of the store's file within its process would take away its locks.</summary>
    /// <param name="store">Null: the store is no file.</param>
    public static bool IsStore(string path, string? store)
    {
        if (store is null) return false;
        var found = FileStamp.Of(path);
        return StoreParts.Select(part => store + part).Any(part =>
            Path.GetFullPath(path) == Path.GetFullPath(part) || (found is { } stamp && FileStamp.Of(part) is { } own && stamp.IsSameFile(own)));
    }
}
