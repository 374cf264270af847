using System.Collections.Frozen;
using Vsmtp.Smtp.Commands;

namespace Vsmtp.Smtp.Server;

/// <summary>What each verb may do in each phase (RFC 5321 §4.1.4). What is not in the table is answered 503.</summary>
internal static class SmtpOrder
{
    private static readonly FrozenDictionary<(SmtpPhase From, SmtpVerb Verb), SmtpPhase> Order =
        new Dictionary<(SmtpPhase, SmtpVerb), SmtpPhase>
        {
            [(SmtpPhase.Connected, SmtpVerb.Helo)] = SmtpPhase.Greeted,
            [(SmtpPhase.Connected, SmtpVerb.Ehlo)] = SmtpPhase.Greeted,
            [(SmtpPhase.Connected, SmtpVerb.Rset)] = SmtpPhase.Connected,
            [(SmtpPhase.Connected, SmtpVerb.Noop)] = SmtpPhase.Connected,
            [(SmtpPhase.Connected, SmtpVerb.Help)] = SmtpPhase.Connected,
            [(SmtpPhase.Connected, SmtpVerb.Vrfy)] = SmtpPhase.Connected,
            [(SmtpPhase.Connected, SmtpVerb.Expn)] = SmtpPhase.Connected,
            [(SmtpPhase.Connected, SmtpVerb.StartTls)] = SmtpPhase.Connected,
            [(SmtpPhase.Connected, SmtpVerb.XClient)] = SmtpPhase.Connected,
            [(SmtpPhase.Connected, SmtpVerb.Quit)] = SmtpPhase.Connected,

            [(SmtpPhase.Refused, SmtpVerb.Quit)] = SmtpPhase.Refused,

            [(SmtpPhase.Greeted, SmtpVerb.Helo)] = SmtpPhase.Greeted,
            [(SmtpPhase.Greeted, SmtpVerb.Ehlo)] = SmtpPhase.Greeted,
            [(SmtpPhase.Greeted, SmtpVerb.Mail)] = SmtpPhase.Sender,
            [(SmtpPhase.Greeted, SmtpVerb.Rset)] = SmtpPhase.Greeted,
            [(SmtpPhase.Greeted, SmtpVerb.Noop)] = SmtpPhase.Greeted,
            [(SmtpPhase.Greeted, SmtpVerb.Help)] = SmtpPhase.Greeted,
            [(SmtpPhase.Greeted, SmtpVerb.Vrfy)] = SmtpPhase.Greeted,
            [(SmtpPhase.Greeted, SmtpVerb.Expn)] = SmtpPhase.Greeted,
            [(SmtpPhase.Greeted, SmtpVerb.StartTls)] = SmtpPhase.Greeted,
            // RFC 4954 §3: not within a transaction.
            [(SmtpPhase.Greeted, SmtpVerb.Auth)] = SmtpPhase.Greeted,
            // Not within a transaction (XCLIENT_README).
            [(SmtpPhase.Greeted, SmtpVerb.XClient)] = SmtpPhase.Connected,
            // Not within a transaction (XFORWARD_README), and not before its server was asked for it.
            [(SmtpPhase.Greeted, SmtpVerb.XForward)] = SmtpPhase.Greeted,
            [(SmtpPhase.Greeted, SmtpVerb.Quit)] = SmtpPhase.Greeted,

            [(SmtpPhase.Sender, SmtpVerb.Helo)] = SmtpPhase.Greeted,
            [(SmtpPhase.Sender, SmtpVerb.Ehlo)] = SmtpPhase.Greeted,
            [(SmtpPhase.Sender, SmtpVerb.Rcpt)] = SmtpPhase.Recipients,
            [(SmtpPhase.Sender, SmtpVerb.Rset)] = SmtpPhase.Greeted,
            [(SmtpPhase.Sender, SmtpVerb.Noop)] = SmtpPhase.Sender,
            [(SmtpPhase.Sender, SmtpVerb.Help)] = SmtpPhase.Sender,
            [(SmtpPhase.Sender, SmtpVerb.Vrfy)] = SmtpPhase.Sender,
            [(SmtpPhase.Sender, SmtpVerb.Expn)] = SmtpPhase.Sender,
            [(SmtpPhase.Sender, SmtpVerb.Quit)] = SmtpPhase.Sender,

            [(SmtpPhase.Recipients, SmtpVerb.Helo)] = SmtpPhase.Greeted,
            [(SmtpPhase.Recipients, SmtpVerb.Ehlo)] = SmtpPhase.Greeted,
            [(SmtpPhase.Recipients, SmtpVerb.Rcpt)] = SmtpPhase.Recipients,
            [(SmtpPhase.Recipients, SmtpVerb.Data)] = SmtpPhase.Greeted,
            [(SmtpPhase.Recipients, SmtpVerb.Rset)] = SmtpPhase.Greeted,
            [(SmtpPhase.Recipients, SmtpVerb.Noop)] = SmtpPhase.Recipients,
            [(SmtpPhase.Recipients, SmtpVerb.Help)] = SmtpPhase.Recipients,
            [(SmtpPhase.Recipients, SmtpVerb.Vrfy)] = SmtpPhase.Recipients,
            [(SmtpPhase.Recipients, SmtpVerb.Expn)] = SmtpPhase.Recipients,
            [(SmtpPhase.Recipients, SmtpVerb.Quit)] = SmtpPhase.Recipients,

            // BDAT itself is not looked up: its octets must be read even where it is out of order.
            [(SmtpPhase.Chunks, SmtpVerb.Helo)] = SmtpPhase.Greeted,
            [(SmtpPhase.Chunks, SmtpVerb.Ehlo)] = SmtpPhase.Greeted,
            [(SmtpPhase.Chunks, SmtpVerb.Rset)] = SmtpPhase.Greeted,
            [(SmtpPhase.Chunks, SmtpVerb.Noop)] = SmtpPhase.Chunks,
            [(SmtpPhase.Chunks, SmtpVerb.Quit)] = SmtpPhase.Chunks,
        }.ToFrozenDictionary();

    /// <param name="next">The phase once the command has been accepted.</param>
    public static bool TryGet(SmtpPhase phase, SmtpVerb verb, out SmtpPhase next) => Order.TryGetValue((phase, verb), out next);
}
