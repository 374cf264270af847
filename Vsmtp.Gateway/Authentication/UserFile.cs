using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Vsmtp.Smtp.Server.Authentication;

namespace Vsmtp.Gateway.Authentication;

/// <summary>The users of a site and what it keeps of their passwords, as a file has them.</summary>
/// <remarks>
/// UTF-8, a user a line: <c>name:SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey</c> (RFC 5803 §2). A line that begins with <c>#</c> says
/// nothing. The one that begins with a colon holds the secret from which salts for names that nobody has are made.
/// </remarks>
public sealed class UserFile
{
    private const string SecretPrefix = ":salts:";
    private const int SecretBytes = 32;
    private const int MaxBytes = 64 * 1024 * 1024;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(10);

    private UserFile(ImmutableSortedDictionary<string, ScramVerifier> users, byte[] secret, ImmutableArray<string> faults)
    {
        (Users, Secret, Faults) = (users, secret, faults);
        UsualIterations = users.Values.GroupBy(verifier => verifier.Iterations).OrderByDescending(group => group.Count())
            .Select(group => group.Key).FirstOrDefault(ScramVerifier.DefaultIterations);
    }

    /// <summary>By their names, prepared (RFC 4013).</summary>
    public ImmutableSortedDictionary<string, ScramVerifier> Users { get; }

    /// <summary>Of lines that are none of a user and are passed over; each says which line, and nothing of what is in it.</summary>
    public ImmutableArray<string> Faults { get; }

    /// <summary>Of most users, so that a made-up verifier has nothing odd.</summary>
    internal int UsualIterations { get; }

    internal byte[] Secret { get; }

    /// <summary>What may be a name in the file.</summary>
    /// <param name="name">Prepared, if the result is null.</param>
    /// <returns>What is wrong; null: nothing.</returns>
    public static string? FaultOfName(ref string name)
    {
        if (!SaslCredentials.TryPrepareName(name, out var prepared))
            return $"a name is of 1 to {SaslCredentials.MaxNameBytes} octets without control characters";
        name = prepared;
        return name[0] == '#' || name.Contains(':', StringComparison.Ordinal) || name.Trim() != name
            ? "a name has no colon, begins with no '#' and neither begins nor ends with a blank"
            : null;
    }

    /// <summary>A file that is not there has no users.</summary>
    /// <exception cref="IOException">It cannot be read, or is too large.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be read.</exception>
    public static UserFile Read(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (file.Length > MaxBytes) throw new IOException($"{path} is larger than {MaxBytes} octets");
            using var reader = new StreamReader(file, Encoding.UTF8);
            return Parse(reader);
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException)
        {
            return Parse(TextReader.Null);
        }
    }

    /// <summary>Changes the file as one: whoever reads it finds the users of before, or those of after.</summary>
    /// <param name="owner">Whose a new file is when root makes it; null: root's. One that is there stays whose it is.</param>
    /// <returns>False: there was nothing to change.</returns>
    /// <exception cref="IOException">It cannot be read or written, another changes it for too long, or it has lines that would be lost.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be read or written.</exception>
    public static bool Change(
        string path,
        Func<ImmutableSortedDictionary<string, ScramVerifier>, ImmutableSortedDictionary<string, ScramVerifier>> change,
        FileOwner? owner = null)
    {
        path = Path.GetFullPath(Target(path));
        using var held = Lock(path + ".lock", out var isNew);
        var whose = FileOwner.IsRoot ? File.Exists(path) ? FileOwner.Of(path) : owner : null;
        // One that was there may be a link that the folder's owner has laid: what root would give away then is not ours.
        if (isNew) whose?.Take(held.SafeFileHandle, held.Name);
        var now = Read(path);
        if (now.Faults is [var fault, ..]) throw new IOException($"{path}: {fault}");
        var next = change(now.Users);
        if (ReferenceEquals(next, now.Users)) return false;
        Write(path, next, now.Secret, whose);
        return true;
    }

    /// <summary>The file itself where the path is a link to it.</summary>
    internal static string Target(string path) =>
        File.Exists(path) && File.ResolveLinkTarget(path, returnFinalTarget: true) is { } target ? target.FullName : path;

    private static UserFile Parse(TextReader reader)
    {
        var users = ImmutableSortedDictionary.CreateBuilder<string, ScramVerifier>(StringComparer.Ordinal);
        var faults = ImmutableArray.CreateBuilder<string>();
        var secret = Array.Empty<byte>();
        for (var number = 1; reader.ReadLine() is { } line; number++)
        {
            if (line.Length == 0 || line[0] == '#') continue;
            if (line.StartsWith(SecretPrefix, StringComparison.Ordinal)) secret = SecretOf(line[SecretPrefix.Length..]);
            else if (FaultOf(line, users) is { } fault) faults.Add($"line {number} {fault}");
        }

        // Without one of its own, names can be told apart across restarts, and by nothing else.
        return new UserFile(users.ToImmutable(), secret.Length > 0 ? secret : RandomNumberGenerator.GetBytes(SecretBytes), faults.ToImmutable());
    }

    private static string? FaultOf(string line, ImmutableSortedDictionary<string, ScramVerifier>.Builder users)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        var name = line[..Math.Max(colon, 0)];
        if (colon < 1 || FaultOfName(ref name) is not null) return "does not begin with a name and a colon";
        if (!ScramVerifier.TryParse(line[(colon + 1)..], out var verifier)) return "has no SCRAM-SHA-256 verifier behind its first colon";
        return users.TryAdd(name, verifier) ? null : "has a name that another line has";
    }

    private static byte[] SecretOf(string text)
    {
        try
        {
            return Convert.FromBase64String(text);
        }
        catch (FormatException)
        {
            return [];
        }
    }

    /// <param name="owner">Null: whoever writes it.</param>
    private static void Write(string path, ImmutableSortedDictionary<string, ScramVerifier> users, byte[] secret, FileOwner? owner)
    {
        var text = new StringBuilder("# Users of vsmtp: change them with `vsmtp user`.\n");
        text.Append(SecretPrefix).Append(Convert.ToBase64String(secret)).Append('\n');
        foreach (var (name, verifier) in users) text.Append(name).Append(':').Append(verifier.ToText()).Append('\n');
        var draft = path + ".new";
        File.Delete(draft);
        using (var file = Open(draft, FileMode.CreateNew))
        {
            file.Write(Encoding.UTF8.GetBytes(text.ToString()));
            owner?.Take(file.SafeFileHandle, path);
            file.Flush(flushToDisk: true);
        }

        File.Move(draft, path, overwrite: true);
    }

    private static FileStream Lock(string path, out bool isNew)
    {
        var deadline = DateTime.UtcNow + LockPatience;
        while (true)
        {
            try
            {
                isNew = !File.Exists(path);
                return Open(path, isNew ? FileMode.CreateNew : FileMode.Open);
            }
            catch (IOException) when (File.Exists(path) && DateTime.UtcNow < deadline)
            {
                Thread.Sleep(50);
            }
        }
    }

    /// <summary>For us alone, now, and for its owner, if it is new.</summary>
    private static FileStream Open(string path, FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (mode is FileMode.CreateNew && !OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        return new FileStream(path, options);
    }
}
