namespace Vsmtp.Contracts.Mail;

/// <summary>Settles whether a mail is accepted where its grain gave no answer: a client must be told, and must not be told wrong.</summary>
public interface IAcceptances
{
    /// <summary>Withdraws a mail unless it has been accepted, one that is offered too. One commit, made or not made for all that come later.</summary>
    /// <returns>
    /// <see cref="AcceptAnswer.Withdrawn"/>: no call that is still on its way can accept it. <see cref="AcceptAnswer.Accepted"/>: it is
    /// in the store.
    /// </returns>
    Task<AcceptAnswer> SettleAsync(string mailId);
}
