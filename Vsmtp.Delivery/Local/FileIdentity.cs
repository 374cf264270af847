namespace Vsmtp.Delivery.Local;

/// <summary>While it lasts, this thread opens and makes files as another user, with that user's rights and no more.</summary>
/// <remarks>
/// Better than to work as root and give files away afterwards: what the user puts in the way meets the kernel's own checks, and
/// there is nothing to give away. It is a property of the thread: no <c>await</c> while it lasts.
/// </remarks>
internal ref struct FileIdentity
{
    private readonly uint _formerUser;
    private readonly uint _formerGroup;
    private bool _isAssumed;

    private FileIdentity(uint formerUser, uint formerGroup)
    {
        _formerUser = formerUser;
        _formerGroup = formerGroup;
        _isAssumed = true;
    }

    /// <param name="account">Null: stay who we are.</param>
    /// <exception cref="UnauthorizedAccessException">The process may not act as that user.</exception>
    public static FileIdentity Assume(SystemAccount? account)
    {
        if (account is null || account.User == Posix.EffectiveUser()) return default;
        var group = Posix.ActAsGroup(account.Group);
        var identity = new FileIdentity(Posix.ActAsUser(account.User), group);
        // The calls report no failure; a number that no user has asks without changing anything (setfsuid(2)).
        if (Posix.ActAsUser(uint.MaxValue) == account.User) return identity;
        identity.Dispose();
        throw new UnauthorizedAccessException($"this process may not write as {account.Name}");
    }

    public void Dispose()
    {
        if (!_isAssumed) return;
        _isAssumed = false;
        _ = Posix.ActAsUser(_formerUser);
        _ = Posix.ActAsGroup(_formerGroup);
    }
}
