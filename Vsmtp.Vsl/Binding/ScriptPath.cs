namespace Vsmtp.Vsl.Binding;

/// <summary>Paths of script files: '/'-separated, without '.' and without removable '..'.</summary>
internal static class ScriptPath
{
    private const string Extension = ".vsl";

    public static string Normalize(string path)
    {
        var parts = new List<string>();
        foreach (var part in path.Replace('\\', '/').Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == ".") continue;
            if (part == ".." && parts.Count > 0 && parts[^1] != "..") parts.RemoveAt(parts.Count - 1);
            else parts.Add(part);
        }

        return (path.StartsWith('/') ? "/" : "") + string.Join('/', parts);
    }

    public static string DirectoryOf(string path)
    {
        var slash = path.LastIndexOf('/');
        return slash < 0 ? "" : path[..(slash + 1)];
    }

    /// <summary>
    /// The file of an import: relative to the main script's directory, with its extension replaced (language §8).
    /// </summary>
    public static string Resolve(string directory, string import)
    {
        var path = import.StartsWith('/') ? import : directory + import;
        var dot = path.LastIndexOf('.');
        var hasExtension = dot > path.LastIndexOf('/') + 1;
        return Normalize((hasExtension ? path[..dot] : path) + Extension);
    }
}
