using Vsmtp.Mail.Addresses;

namespace Vsmtp.Smtp.Commands;

/// <summary>One command line that was understood (RFC 5321 §4.1.1).</summary>
public abstract record SmtpCommand
{
    private SmtpCommand(SmtpVerb verb) => Verb = verb;

    public SmtpVerb Verb { get; }

    /// <param name="Name">The domain as it was written.</param>
    public sealed record Helo(string Name) : SmtpCommand(SmtpVerb.Helo);

    /// <param name="Name">The domain as it was written; of an address literal the address alone.</param>
    public sealed record Ehlo(string Name) : SmtpCommand(SmtpVerb.Ehlo);

    public sealed record Mail(ReversePath Path, MailParameters Parameters) : SmtpCommand(SmtpVerb.Mail);

    public sealed record Rcpt(ForwardPath Path, RcptParameters Parameters) : SmtpCommand(SmtpVerb.Rcpt);

    public sealed record Data() : SmtpCommand(SmtpVerb.Data);

    public sealed record Rset() : SmtpCommand(SmtpVerb.Rset);

    public sealed record Noop() : SmtpCommand(SmtpVerb.Noop);

    public sealed record Vrfy(string Query) : SmtpCommand(SmtpVerb.Vrfy);

    public sealed record Expn(string Query) : SmtpCommand(SmtpVerb.Expn);

    public sealed record Help(string? Topic) : SmtpCommand(SmtpVerb.Help);

    public sealed record Quit() : SmtpCommand(SmtpVerb.Quit);

    /// <summary>RFC 3207 §4.</summary>
    public sealed record StartTls() : SmtpCommand(SmtpVerb.StartTls);

    /// <summary>RFC 4954 §4.</summary>
    public sealed record Auth(string Mechanism, string? InitialResponse) : SmtpCommand(SmtpVerb.Auth);

    /// <summary>RFC 3030 §2.</summary>
    public sealed record Bdat(long Bytes, bool IsLast) : SmtpCommand(SmtpVerb.Bdat);

    /// <summary>Postfix XFORWARD_README.</summary>
    /// <param name="Attributes">Null where XFORWARD is not announced: they are then not looked at.</param>
    /// <param name="Text">As they came: several commands add up.</param>
    public sealed record XForward(XForwardAttributes? Attributes, string Text) : SmtpCommand(SmtpVerb.XForward);

    /// <summary>Postfix XCLIENT_README.</summary>
    public sealed record XClient(XClientAttributes Attributes) : SmtpCommand(SmtpVerb.XClient);

    /// <summary>A verb that is none of the above.</summary>
    public sealed record Unknown() : SmtpCommand(SmtpVerb.Unknown);
}
