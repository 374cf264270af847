using System.Runtime.InteropServices;
using Vsmtp.Delivery.Local;

namespace Vsmtp.Delivery.Identities;

/// <summary>Users and groups of the machine, by their names, wherever the machine keeps them (nsswitch.conf(5)).</summary>
public static partial class MachineAccounts
{
    private const int GroupBytes = 64;
    private const int MaxBufferBytes = 1024 * 1024;
    private const int MaxGroups = 65536;

    /// <summary>A user with the groups that the machine gives it.</summary>
    /// <param name="group">The main group, by name; null, or one that the machine does not have: the user's.</param>
    /// <returns>Null: there is no such user.</returns>
    /// <exception cref="IOException">The accounts cannot be read now.</exception>
    public static ThreadIdentity? FindUser(string user, string? group)
    {
        if (SystemAccount.Find(user) is not { } account) return null;
        var main = FindGroup(group) ?? account.Group;
        return new ThreadIdentity(account.User, main) { Groups = [.. GroupsOf(account.Name, main)] };
    }

    /// <returns>Null: there is no such user.</returns>
    /// <exception cref="IOException">The accounts cannot be read now.</exception>
    public static string? FindHome(string user) => SystemAccount.Find(user)?.Home;

    /// <returns>Null: there is no such group, or none was asked for.</returns>
    /// <exception cref="IOException">The groups cannot be read now.</exception>
    public static uint? FindGroup(string? name)
    {
        for (var bytes = 4096; name is not null; bytes *= 4)
        {
            var memory = Marshal.AllocHGlobal(GroupBytes + bytes);
            try
            {
                var error = FindGroup(name, memory, memory + GroupBytes, (nuint)bytes, out var found);
                if (error == Posix.ErrorRange && bytes < MaxBufferBytes) continue;
                if (error is not (0 or Posix.ErrorNoEntry))
                    throw new IOException($"cannot look up the group '{name}': {Marshal.GetPInvokeErrorMessage(error)}");
                // struct group of 64-bit Linux: name, password, gid, members.
                return found == IntPtr.Zero ? null : (uint)Marshal.ReadInt32(found, 16);
            }
            finally
            {
                Marshal.FreeHGlobal(memory);
            }
        }

        return null;
    }

    private static uint[] GroupsOf(string user, uint main)
    {
        for (var size = 64; size <= MaxGroups; size *= 4)
        {
            var (groups, count) = (new uint[size], size);
            if (ListGroups(user, main, groups, ref count) >= 0) return groups[..count];
        }

        return [main];
    }

    [LibraryImport("libc", EntryPoint = "getgrnam_r", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int FindGroup(string name, IntPtr group, IntPtr buffer, nuint bufferBytes, out IntPtr found);

    [LibraryImport("libc", EntryPoint = "getgrouplist", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ListGroups(string user, uint main, uint[] groups, ref int count);
}
