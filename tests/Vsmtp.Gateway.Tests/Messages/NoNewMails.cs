using Vsmtp.Contracts.Mail;

namespace Vsmtp.Gateway.Tests.Messages;

/// <summary>Remembers what is announced, and that is all.</summary>
internal sealed class NoNewMails : INewMails
{
    public HashSet<string> Announced { get; } = [];

    public void Announce(string mailId) => Announced.Add(mailId);

    public void Forget(string mailId) => Announced.Remove(mailId);
}
