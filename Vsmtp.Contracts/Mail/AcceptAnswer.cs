namespace Vsmtp.Contracts.Mail;

/// <summary>What a grain says to a mail that is offered to it.</summary>
[GenerateSerializer, Alias("vsmtp.accept-answer")]
public enum AcceptAnswer
{
    /// <summary>It is durable, by this call or by an earlier one.</summary>
    Accepted,

    /// <summary>It was withdrawn before (<see cref="IAcceptances"/>) and is not taken any more.</summary>
    Withdrawn,

    /// <summary>Too many mails are at work: nothing was written. Offer it again in a moment, or tell the client to come again.</summary>
    Crowded,
}
