using Vsmtp.Smtp.Server.Authentication;

namespace Vsmtp.Smtp.Server;

/// <summary>The decisions of one session: the session owns the conversation, its policy says yes or no.</summary>
/// <remarks>
/// One policy serves one session and is never called twice at a time. A policy that throws costs its command a 451 4.3.0
/// and ends nothing else. The token is the abort of the connection, not its time-outs: these run only while the client is
/// waited for.
/// </remarks>
public interface ISmtpSessionPolicy
{
    /// <summary>
    /// A connection came in, or is under TLS now, and then all that was said before is forgotten (RFC 3207 §4.2). A refusal stands where the
    /// greeting would (RFC 5321 §3.1), or answers the first command under TLS.
    /// </summary>
    ValueTask<SessionVerdict> OnConnectAsync(SmtpSessionInfo session, CancellationToken cancellationToken);

    ValueTask<SessionVerdict> OnHeloAsync(SmtpSessionInfo session, SmtpHelo helo, CancellationToken cancellationToken);

    /// <summary>Credentials are to be judged, in the midst of AUTH. Keep nothing of them. Nobody's are good unless a policy says so.</summary>
    ValueTask<SaslAnswer> OnAuthenticateAsync(SmtpSessionInfo session, SaslCredentials credentials, CancellationToken cancellationToken) =>
        ValueTask.FromResult(SaslAnswer.Refused);

    /// <summary>AUTH succeeded; the client hears of it when this is done.</summary>
    ValueTask OnAuthenticatedAsync(SmtpSessionInfo session, SmtpIdentity identity, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>AUTH failed, or the client did not go on with it behind <see cref="OnAuthenticateAsync"/>.</summary>
    /// <returns>How long the client is to wait before it hears of it; of no effect where the connection is over.</returns>
    ValueTask<TimeSpan> OnNotAuthenticatedAsync(SmtpSessionInfo session, CancellationToken cancellationToken) => ValueTask.FromResult(TimeSpan.Zero);

    /// <summary>MAIL: the transaction begins if this accepts.</summary>
    ValueTask<SessionVerdict> OnMailAsync(SmtpTransaction transaction, CancellationToken cancellationToken);

    /// <summary>RCPT: <paramref name="recipient"/> joins the transaction if this accepts.</summary>
    ValueTask<SessionVerdict> OnRcptAsync(
        SmtpTransaction transaction, SmtpRecipient recipient, CancellationToken cancellationToken);

    /// <summary>DATA, of a transaction with a recipient at least.</summary>
    ValueTask<DataVerdict> OnDataAsync(SmtpTransaction transaction, CancellationToken cancellationToken);

    /// <summary>The transaction ended without a message having been begun; awaited before the reply to what ended it.</summary>
    ValueTask OnResetAsync(SmtpTransaction transaction, TransactionEnd end, CancellationToken cancellationToken);

    /// <summary>
    /// The session is over; called exactly once for each session whose <see cref="OnConnectAsync"/> was called.
    /// </summary>
    ValueTask OnDisconnectedAsync(SmtpSessionInfo session, SessionEnd end);
}
