using System.Runtime.InteropServices;

namespace Vsmtp.Delivery.Local;

/// <summary>An account of the machine (<c>/etc/passwd</c> and what stands in for it).</summary>
internal sealed record SystemAccount(string Name, uint User, uint Group, string Home)
{
    private const int AccountBytes = 64;
    private const int MaxBufferBytes = 1024 * 1024;

    /// <summary>Null: there is no such account.</summary>
    /// <exception cref="IOException">The accounts cannot be read now.</exception>
    public static SystemAccount? Find(string name)
    {
        for (var bytes = 4096; ; bytes *= 4)
        {
            var memory = Marshal.AllocHGlobal(AccountBytes + bytes);
            try
            {
                var error = Posix.FindAccount(name, memory, memory + AccountBytes, (nuint)bytes, out var found);
                if (error == Posix.ErrorRange && bytes < MaxBufferBytes) continue;
                // getpwnam(3): some C libraries say "no such entry" instead of nothing found.
                if (error is not (0 or Posix.ErrorNoEntry))
                {
                    throw new IOException($"cannot look up '{name}': {Marshal.GetPInvokeErrorMessage(error)}");
                }

                return found == IntPtr.Zero ? null : Read(found);
            }
            finally
            {
                Marshal.FreeHGlobal(memory);
            }
        }
    }

    /// <summary>struct passwd of 64-bit Linux: name, password, uid, gid, comment, home, shell.</summary>
    private static SystemAccount Read(IntPtr account) => new(
        Marshal.PtrToStringUTF8(Marshal.ReadIntPtr(account)) ?? "",
        (uint)Marshal.ReadInt32(account, 16),
        (uint)Marshal.ReadInt32(account, 20),
        Marshal.PtrToStringUTF8(Marshal.ReadIntPtr(account, 32)) ?? "");
}
