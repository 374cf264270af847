using System.Collections.Immutable;
using Vsmtp.Contracts.Mail;
using Vsmtp.Smtp.Client;

namespace Vsmtp.Delivery.Remote;

/// <summary>How a try to send a mail to one server ended.</summary>
internal enum RemoteEnd
{
    /// <summary>Each recipient has its answer.</summary>
    Answered,

    /// <summary>The same, and the server wants no more for now (421).</summary>
    HungUp,

    /// <summary>No connection, or the server did not want us.</summary>
    NoSession,

    /// <summary>The server is there, and not with the TLS that is asked of it.</summary>
    NotSecured,

    /// <summary>The server takes no mail from anybody, ever (RFC 7504).</summary>
    NoMailHost,

    /// <summary>The conversation broke before the final dot: the server has nothing.</summary>
    Broken,

    /// <summary>It broke behind the final dot: the server may have the mail.</summary>
    Uncertain,

    /// <summary>The mail could not be read: no server is to blame.</summary>
    NotOurs,
}

/// <summary>What a try to send a mail to one server came to.</summary>
/// <param name="End">For all recipients together.</param>
/// <param name="Reports">One for each recipient that was tried, in their order.</param>
internal sealed record RemoteAttempt(RemoteEnd End, ImmutableArray<RecipientReport> Reports)
{
    /// <summary>As <see cref="SmtpSendResult.TlsFault"/>; null too when there was no session.</summary>
    public string? TlsFault { get; init; }
}
