using System.Globalization;
using System.Runtime.InteropServices;

namespace Vsmtp.Rules.Services.Commands;

/// <summary>Whom a command runs as, looked up in the machine's accounts.</summary>
/// <param name="Name">Null: the number has no account, or only a group was asked for.</param>
/// <param name="Home">Null where there is no account.</param>
internal sealed record CommandAccount(uint? User, uint Group, string? Name, string? Home)
{
    private const int EntryBytes = 64;
    private const int MaxBufferBytes = 1024 * 1024;
    private const int ErrorRange = 34;

    private delegate int Lookup(IntPtr entry, IntPtr buffer, nuint bufferBytes, out IntPtr found);

    /// <param name="user">Name or number, or null: the server's own.</param>
    /// <param name="group">Name or number, or null: the user's.</param>
    /// <exception cref="CommandFailedException">There is no such user or group.</exception>
    public static CommandAccount Find(string? user, string? group)
    {
        if (user is null) return new CommandAccount(null, FindGroup(group!), null, null);
        var account = FindUser(user) ?? throw new CommandFailedException($"user not found: '{user}'");
        return group is null ? account : account with { Group = FindGroup(group) };
    }

    /// <summary>Null: there is no such user.</summary>
    public static uint? NumberOf(string user) => FindUser(user)?.User;

    /// <summary>setpriv's words for it.</summary>
    public IEnumerable<string> ToOptions()
    {
        if (User is { } user) yield return $"--reuid={user}";
        yield return $"--regid={Group}";
        yield return Name is null ? "--clear-groups" : "--init-groups";
    }

    private static CommandAccount? FindUser(string user)
    {
        var isNumber = TryNumber(user, out var number);
        var found = isNumber
            ? Read((entry, buffer, bytes, out found) => NativeProcess.FindUser(number, entry, buffer, bytes, out found), Account)
            : Read((entry, buffer, bytes, out found) => NativeProcess.FindUser(user, entry, buffer, bytes, out found), Account);
        // A number needs no account, but then it has no group either: the group of the same number.
        return found ?? (isNumber ? new CommandAccount(number, number, null, null) : null);
    }

    private static uint FindGroup(string group) =>
        TryNumber(group, out var number) ? number
        : Read((entry, buffer, bytes, out found) => NativeProcess.FindGroup(group, entry, buffer, bytes, out found), GroupNumber) is { } found ? found.Group
        : throw new CommandFailedException($"group not found: '{group}'");

    private static bool TryNumber(string text, out uint number) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number != uint.MaxValue;

    private static CommandAccount? Read(Lookup lookup, Func<IntPtr, CommandAccount> take)
    {
        for (var bytes = 4096; ; bytes *= 4)
        {
            var memory = Marshal.AllocHGlobal(EntryBytes + bytes);
            try
            {
                var error = lookup(memory, memory + EntryBytes, (nuint)bytes, out var found);
                if (error == ErrorRange && bytes < MaxBufferBytes) continue;
                return found == IntPtr.Zero ? null : take(found);
            }
            finally
            {
                Marshal.FreeHGlobal(memory);
            }
        }
    }

    /// <summary>struct passwd of 64-bit Linux: name, password, uid, gid, comment, home, shell.</summary>
    private static CommandAccount Account(IntPtr entry) => new(
        (uint)Marshal.ReadInt32(entry, 16),
        (uint)Marshal.ReadInt32(entry, 20),
        Marshal.PtrToStringUTF8(Marshal.ReadIntPtr(entry)),
        Marshal.PtrToStringUTF8(Marshal.ReadIntPtr(entry, 32)));

    /// <summary>struct group of 64-bit Linux: name, password, gid, members.</summary>
    private static CommandAccount GroupNumber(IntPtr entry) => new(null, (uint)Marshal.ReadInt32(entry, 16), null, null);
}
