using System.Collections.Immutable;
using Vsmtp.Contracts.Content;

namespace Vsmtp.Contracts.Mail;

/// <summary>A mail that a service brought to the receiver.</summary>
[GenerateSerializer, Immutable, Alias("vsmtp.delegation-return")]
public sealed record DelegationReturn
{
    /// <summary>SHA-256 of the ticket that came with it.</summary>
    [Id(0)] public string TicketHash { get; init; } = "";

    /// <summary>The message without the delegation header.</summary>
    [Id(1)] public required StagedContent Content { get; init; }

    /// <summary>What the service gave as sender; the mail's own is kept.</summary>
    [Id(2)] public string Sender { get; init; } = "";

    /// <summary>What the service gave as recipients; the mail's own are kept.</summary>
    [Id(3)] public ImmutableArray<string> Recipients { get; init; } = [];

    /// <summary>The service's end of the connection.</summary>
    [Id(4)] public string Peer { get; init; } = "";
}

/// <summary>What a grain says to a return (the table of design rule 5).</summary>
[GenerateSerializer, Alias("vsmtp.return-answer")]
public enum ReturnAnswer
{
    /// <summary>No such ticket: 550 5.7.1, nothing kept.</summary>
    Unknown,

    /// <summary>It resumes the mail: 250, committed.</summary>
    Resumed,

    /// <summary>Too late or twice: 250, discarded, an event in the history.</summary>
    Discarded,
}
