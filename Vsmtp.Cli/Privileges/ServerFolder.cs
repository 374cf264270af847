using System.Runtime.InteropServices;
using Vsmtp.Cli.Serving;
using Vsmtp.Configuration;
using Vsmtp.Configuration.Options;
using Vsmtp.Delivery.Identities;

namespace Vsmtp.Cli.Privileges;

/// <summary>The folders in which the server keeps what is its own.</summary>
/// <param name="Key">Where the configuration names it.</param>
internal sealed partial record ServerFolder(string Key, string Path)
{
    private const int MayRead = 4;
    private const int MayWriteAndPass = 3;
    private const int MayReadAndWrite = 6;

    public static IEnumerable<ServerFolder> Of(VsmtpConfiguration configuration, ServerRole role)
    {
        var server = configuration.Server;
        yield return new("server.queues.dirpath", server.Queues.DirPath);
        yield return new("server.api.socket", FolderOf(server.Api.Socket));
        yield return new("server.logs.filepath", FolderOf(server.Logs.FilePath));
        yield return new("app.logs.filepath", FolderOf(configuration.App.Logs.FilePath));
        yield return new("app.dirpath", configuration.App.DirPath);
        if (server.Storage.Url is StorageUrl.Sqlite { Path: var file }) yield return new("server.storage.url", FolderOf(file));
        if (role.HasSilo() && server.Delivery.MaildirRoot is { } root) yield return new("server.delivery.maildir_root", root);
    }

    /// <summary>As of <see cref="RootFolder.Make"/>.</summary>
    /// <exception cref="PrivilegeException">It cannot be made.</exception>
    public void Make(ThreadIdentity owner)
    {
        try
        {
            RootFolder.Make(System.IO.Path.GetFullPath(Path), owner);
        }
        catch (IOException fault)
        {
            throw new PrivilegeException($"{Key}: {Path}: {fault.Message}", fault);
        }
    }

    /// <summary>Asked by the thread that has become the server's user.</summary>
    /// <exception cref="PrivilegeException">The server could not write there.</exception>
    public void Check(SystemOptions system)
    {
        var nearest = Path;
        while (!Directory.Exists(nearest)) nearest = FolderOf(nearest);
        if (Access(nearest, MayWriteAndPass) == 0) return;
        var remedy = nearest == Path
            ? $"it has to be a folder of its own: chown -R {system.User}: {Path}, unless others use it"
            : $"install -d -m 700 -o {system.User} -g {system.Group} {Path}, and let all pass the folders above it";
        throw new PrivilegeException($"{Key}: {system.User}, as whom the server runs, may not write in {nearest}: {remedy}");
    }

    /// <summary>A store that was made by another user, or by root before the server had a user of its own.</summary>
    /// <exception cref="PrivilegeException">The server could not use it.</exception>
    public static void CheckStore(VsmtpConfiguration configuration)
    {
        if (configuration.Server.Storage.Url is not StorageUrl.Sqlite { Path: var file }) return;
        var user = configuration.Server.System.User;
        foreach (var path in new[] { file, $"{file}-wal", $"{file}-shm", $"{file}.lock" }.Where(File.Exists))
        {
            if (Access(path, MayReadAndWrite) != 0)
                throw new PrivilegeException($"server.storage.url: {path} is not {user}'s, as whom the server runs: chown -R {user}: {FolderOf(path)}");
        }
    }

    /// <exception cref="PrivilegeException">The server could not read it.</exception>
    public static void CheckReadable(string path, SystemOptions system)
    {
        if (Access(path, MayRead) == 0) return;
        throw new PrivilegeException(
            $"{system.User}, as whom the server runs, may not read {path}: chgrp {system.Group} and chmod g+r it, and let all pass the folders above it");
    }

    private static string FolderOf(string path) => System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path)) ?? "/";

    /// <summary>The kernel's answer for whom this thread is.</summary>
    [LibraryImport("libc", EntryPoint = "access", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Access(string path, int mode);
}
