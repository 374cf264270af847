namespace Vsmtp.Contracts.Mail;

/// <summary>
/// Mails that are about to be accepted under ids that were made just now. Their grains, where they are in this process, need not ask
/// the store for what it cannot have. Should it have it after all, the grain's first write is refused, as any that is behind the store.
/// </summary>
public interface INewMails
{
    /// <summary>The next state that is read of this mail is that of one which never was.</summary>
    void Announce(string mailId);

    /// <summary>It has been offered: whoever reads its state asks the store.</summary>
    void Forget(string mailId);
}
