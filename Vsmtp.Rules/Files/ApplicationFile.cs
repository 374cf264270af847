using System.Diagnostics.CodeAnalysis;

namespace Vsmtp.Rules.Files;

/// <summary>A file that rules write, somewhere below <c>app.dirpath</c>.</summary>
internal sealed class ApplicationFile
{
    private const int MaxFolderChars = 200;
    private const UnixFileMode FolderMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly string _root;
    private readonly string[] _folders;
    private readonly string _name;

    private ApplicationFile(string root, string[] folders, string name)
    {
        _root = root;
        _folders = folders;
        _name = name;
    }

    public string Path => System.IO.Path.Combine([_root, .. _folders, _name]);

    /// <summary>Looks at the text of the folder only, before anything is made on disk.</summary>
    /// <param name="folder">Relative, parts separated by '/', such as <c>archive/2026</c>.</param>
    public static bool TryCreate(
        string? root, string folder, string name,
        [NotNullWhen(true)] out ApplicationFile? file, [NotNullWhen(false)] out string? fault)
    {
        var folders = folder.TrimEnd('/').Split('/');
        fault = root is null ? "no `app.dirpath` is configured"
            : folder.Length > MaxFolderChars || !Array.TrueForAll(folders, IsPart)
                ? $"`{folder}` is not a folder below `app.dirpath`: give a relative path without `.` and `..`, of at most {MaxFolderChars} characters"
            : null;
        file = fault is null ? new ApplicationFile(root!, folders, name) : null;
        return file is not null;
    }

    /// <summary>
    /// Writes the file beside its place and then moves it there, so that it is never seen in part and what stood there, a symbolic link
    /// too, is replaced and not written through. It is readable for the server's user alone. A crash of the machine may lose it.
    /// </summary>
    /// <exception cref="IOException">The disk; a symbolic link among the folders.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder is not ours.</exception>
    public async Task WriteAsync(Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        var folder = MakeFolders();
        var part = System.IO.Path.Combine(folder, $".{_name}.{Guid.NewGuid():N}");
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.Asynchronous };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            var stream = new FileStream(part, options);
            await using (stream.ConfigureAwait(false)) await write(stream, cancellationToken).ConfigureAwait(false);
            File.Move(part, Path, overwrite: true);
        }
        catch
        {
            File.Delete(part);
            throw;
        }
    }

    private string MakeFolders()
    {
        Directory.CreateDirectory(_root);
        var folder = _root;
        foreach (var part in _folders)
        {
            folder = System.IO.Path.Combine(folder, part);
            if (new DirectoryInfo(folder).LinkTarget is not null) throw new IOException($"`{folder}` is a symbolic link");
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
            else Directory.CreateDirectory(folder, FolderMode);
        }

        return folder;
    }

    private static bool IsPart(string part) => part is not ("" or "." or "..") && !part.Any(c => char.IsControl(c) || c == '\\');
}
