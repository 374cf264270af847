using Orleans.Concurrency;

namespace Vsmtp.Contracts.Mail;

/// <summary>One mail. Every call may come twice; the second finds the phase changed and does nothing (design rule 3).</summary>
[Alias("vsmtp.mail-grain")]
public interface IMailGrain : IGrainWithStringKey
{
    /// <summary>
    /// Takes the mail: durable when this returns. The rules of postq run in a later turn. When it throws, or gives no answer in time, the
    /// outcome is unknown: repeat it under the same ids, or settle it with <see cref="IAcceptances"/>.
    /// </summary>
    /// <exception cref="Content.StoreFullException">There is no room; nothing was written.</exception>
    [Alias("accept")]
    Task<AcceptAnswer> Accept(AcceptMail accepted);

    /// <summary>
    /// Takes the mail without accepting it and asks the service of the directive for its verdict: durable as <see cref="MailPhase.Offered"/>
    /// when this returns. Nothing is ever delivered of it but after <see cref="Confirm"/>; without that it is withdrawn a while after the
    /// wait's end.
    /// </summary>
    /// <exception cref="Content.StoreFullException">There is no room; nothing was written.</exception>
    [Alias("offer")]
    Task<OfferAnswer> Offer(OfferMail offered);

    /// <summary>How the offer stands: at once when there is a verdict, else after a second at most. To be asked again while it is open.</summary>
    [Alias("await-verdict"), AlwaysInterleave]
    Task<OfferAnswer> AwaitVerdict();

    /// <summary>
    /// The client is still there, and is told next what this answers. One commit accepts a mail that has passed. When it throws, or gives
    /// no answer in time, the outcome is unknown: repeat it, or settle it with <see cref="IAcceptances"/>.
    /// </summary>
    /// <param name="isWaitOver">No verdict is waited for any longer: the mail is accepted all the same, or withdrawn, as its service says.</param>
    [Alias("confirm")]
    Task<OfferAnswer> Confirm(bool isWaitOver);

    /// <summary>The offer is over without a client to answer: what is not accepted never will be.</summary>
    /// <param name="why">For the history.</param>
    [Alias("withdraw")]
    Task<OfferAnswer> Withdraw(string why);

    /// <summary>
    /// A service brought the mail back. One commit spends the ticket and takes the content; rules run in a later turn. Repeated under
    /// the same content id it gives the same answer.
    /// </summary>
    [Alias("return")]
    Task<ReturnAnswer> Return(DelegationReturn returned);

    /// <summary>The receiver saw MAIL with this ticket and then no DATA.</summary>
    /// <param name="ticketHash">SHA-256 of the ticket.</param>
    /// <param name="beganAt">When MAIL came: a service that let go of what it began before it answered us has kept the mail.</param>
    [Alias("let-go")]
    Task LetGo(string ticketHash, DateTimeOffset beganAt);

    /// <summary>The delegation sender's outcome.</summary>
    [Alias("sent")]
    Task Sent(DelegationReport report);

    /// <summary>The delegation sender has a place for it: a visit that waits for its turn with the service makes its attempt.</summary>
    [Alias("take-turn")]
    Task TakeTurn(string service);

    /// <summary>The delivery worker's outcome.</summary>
    [Alias("attempted")]
    Task Attempted(DeliveryReport report);

    /// <summary>Do what is due: the next rule, the next attempt, the deadline. Says nothing back, and nothing when nothing is due.</summary>
    /// <param name="version">
    /// The state, by its ETag, that somebody saw due and no process at work on. A job belongs to the version that began it, so where
    /// the state has moved on since, this does nothing: another process may be sending the mail.
    /// </param>
    [Alias("advance"), OneWay]
    Task Advance(string version);

    /// <summary>An operator lets a mail out of quarantine: it goes on to the rules of delivery.</summary>
    [Alias("release")]
    Task<OperatorAnswer> Release();

    /// <summary>An operator deletes it; its history stays for a while.</summary>
    [Alias("remove")]
    Task<OperatorAnswer> Remove();

    /// <summary>
    /// An operator has the rules of another set run on it from now on. One that sleeps at a directive goes on there if the set has it for
    /// the same services, else it is refused; one that is parked in <c>quarantine/rule-set</c> leaves it.
    /// </summary>
    /// <param name="ruleSet">The hash of the set.</param>
    /// <param name="restarts">One that sleeps does not go on there: its stage is run from the first rule, and a return comes too late.</param>
    [Alias("move-to-rules")]
    Task<OperatorAnswer> MoveToRules(string ruleSet, bool restarts);
}
