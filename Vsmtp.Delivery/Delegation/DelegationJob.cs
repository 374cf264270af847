using System.Collections.Immutable;
using Vsmtp.Contracts.Content;
using Vsmtp.Contracts.Mail;
using Vsmtp.Mail.Delegation;

namespace Vsmtp.Delivery.Delegation;

/// <summary>One attempt to hand one mail to a service. The grain has committed it before it is offered (design rule 3).</summary>
public sealed record DelegationJob
{
    public required string MailId { get; init; }

    /// <summary>Its number over all visits (<see cref="DelegationState.Serial"/>); with <see cref="MailId"/> it names the attempt.</summary>
    public required int Attempt { get; init; }

    /// <summary>The text of the attempt's ticket (<see cref="DelegationTicket.Text"/>).</summary>
    public required string Ticket { get; init; }

    public required SmtpServiceSettings Service { get; init; }

    /// <summary>The stage that sleeps: <c>preq</c>, <c>postq</c> or <c>delivery</c>.</summary>
    public required string Stage { get; init; }

    /// <summary>The name of the directive that delegates.</summary>
    public required string Directive { get; init; }

    public required MailEnvelope Envelope { get; init; }

    public required ContentId Content { get; init; }

    /// <summary>What speaks against the mail so far; a suspect goes in a lane of its own.</summary>
    public MailSuspicion Suspicion { get; init; } = MailSuspicion.None;

    /// <summary>Made on the content's header section before the service gets it, in order.</summary>
    public ImmutableArray<HeaderChange> HeaderChanges { get; init; } = [];

    /// <summary>Without the ticket, which is no business of a log.</summary>
    public override string ToString() => $"{MailId} attempt {Attempt} to {Service.Name}";
}
