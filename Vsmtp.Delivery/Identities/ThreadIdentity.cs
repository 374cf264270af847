using System.Collections.Immutable;

namespace Vsmtp.Delivery.Identities;

/// <summary>Whom one thread is: the kernel keeps user, groups and capabilities for each thread apart.</summary>
/// <remarks>
/// The C library's setuid(2) and its kin change all threads of a process, these calls the calling one alone. What such a thread starts is
/// as it is: a thread, a process, or the program that takes this one's place (execve(2)).
/// </remarks>
public sealed record ThreadIdentity(uint User, uint Group)
{
    /// <summary>Further groups; all others are given up.</summary>
    public ImmutableArray<uint> Groups { get; init; } = [];

    /// <summary>What is left of root's power, also to a program that takes this one's place.</summary>
    public Capabilities Kept { get; init; }

    /// <summary>
    /// The real and the saved user stay those of before. Whoever the thread then acts as cannot send it signals, which would end the whole
    /// process, and the kernel asks for none of the two on files. With nothing kept, the thread can go back to them and no further.
    /// </summary>
    public bool IsGuest { get; init; }

    /// <summary>Whom the calling thread is on files.</summary>
    public static uint CurrentUser => Credentials.EffectiveUser();

    /// <summary>What the calling thread may.</summary>
    public static Capabilities CurrentCapabilities => Credentials.Read().Permitted;

    /// <summary>
    /// The calling thread becomes that for good, and nothing that it starts can be more again (PR_SET_NO_NEW_PRIVS). It has to be a thread of
    /// its own that ends afterwards.
    /// </summary>
    /// <exception cref="UnauthorizedAccessException">It may not; it is then neither whom it was nor whom it was to be.</exception>
    public void Assume()
    {
        if (!Credentials.IsSupported) throw new UnauthorizedAccessException("only on Linux on x86-64 or 64-bit ARM is it known how");
        // Only with CAP_SETPCAP, which threads that are no longer root lack; and the bound is of no use to those who can gain nothing.
        for (var bit = 0; bit <= Credentials.LastCapability && CurrentCapabilities.HasFlag(Capabilities.SetBounds); bit++)
        {
            if (((ulong)Kept & (1UL << bit)) == 0) Credentials.DropBound(bit);
        }

        Credentials.KeepAcrossUsers();
        Credentials.SetGroups([.. Groups]);
        Credentials.SetGroup(Group);
        if (IsGuest) Credentials.SetEffectiveUser(User);
        else Credentials.SetUser(User);
        Credentials.Write(Kept);
        for (var bit = 0; bit <= Credentials.LastCapability; bit++)
        {
            if (((ulong)Kept & (1UL << bit)) != 0) Credentials.RaiseAmbient(bit);
        }

        Credentials.GainNothing();
        if (Credentials.Read() is var now && (now.Permitted != Kept || now.Effective != Kept) || Credentials.EffectiveUser() != User)
            throw new UnauthorizedAccessException($"the user {User} with {Kept} was not to be had");
    }
}
