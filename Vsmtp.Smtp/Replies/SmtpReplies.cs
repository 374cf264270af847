namespace Vsmtp.Smtp.Replies;

/// <summary>What the server says of itself, with the line of the RFC that wants it. Texts name no file, host or rule.</summary>
public static class SmtpReplies
{
    /// <summary>RFC 5321 §4.2.3.</summary>
    public static SmtpReply Help { get; } = new(214, "2.0.0", "See RFC 5321 for the commands that are understood here");

    /// <summary>RFC 5321 §4.1.1.10.</summary>
    public static SmtpReply Closing { get; } = new(221, "2.0.0", "Service closing transmission channel");

    public static SmtpReply Ok { get; } = new(250, "2.0.0", "Ok");

    /// <summary>RFC 3463 §3.2: X.1.0, other address status.</summary>
    public static SmtpReply SenderOk { get; } = new(250, "2.1.0", "Ok");

    /// <summary>RFC 3463 §3.2: X.1.5, destination address valid.</summary>
    public static SmtpReply RecipientOk { get; } = new(250, "2.1.5", "Ok");

    /// <summary>RFC 5321 §4.1.1.4; exactly one line, clamsmtpd hangs on two.</summary>
    public static SmtpReply DataStart { get; } = new(354, "Start mail input; end with <CRLF>.<CRLF>");

    /// <summary>RFC 3207 §4.</summary>
    public static SmtpReply TlsGoAhead { get; } = new(220, "2.0.0", "TLS go ahead");

    /// <summary>RFC 5321 §4.2.3; RFC 3463 §3.4: X.3.2, system not accepting network messages.</summary>
    public static SmtpReply ShuttingDown { get; } = new(421, "4.3.2", "Service shutting down, closing transmission channel");

    /// <summary>RFC 5321 §4.5.3.2; RFC 3463 §3.5: X.4.2, bad connection.</summary>
    public static SmtpReply TimedOut { get; } = new(421, "4.4.2", "Timeout, closing transmission channel");

    /// <summary>RFC 5321 §4.2.3; RFC 3463 §3.4: X.3.2.</summary>
    public static SmtpReply TooManyConnections { get; } = new(421, "4.3.2", "Too many connections, try again later");

    /// <summary>The answer to what we did not foresee (RFC 3463 §3.4: X.3.0).</summary>
    public static SmtpReply LocalError { get; } = new(451, "4.3.0", "Requested action aborted: local error in processing");

    public static SmtpReply TooManyErrors { get; } = new(451, "4.7.0", "Too many errors from the client");

    /// <summary>RFC 5321 §4.5.3.1.10; RFC 3463 §3.6: X.5.3.</summary>
    public static SmtpReply TooManyRecipients { get; } = new(452, "4.5.3", "Requested action not taken: too many recipients");

    /// <summary>RFC 3207 §4.</summary>
    public static SmtpReply TlsNotAvailable { get; } = new(454, "4.7.0", "TLS not available due to temporary reason");

    /// <summary>RFC 5321 §4.2.3; RFC 3463 §3.6: X.5.1, invalid command.</summary>
    public static SmtpReply UnknownCommand { get; } = new(500, "5.5.1", "Syntax error, command unrecognized");

    /// <summary>RFC 5321 §4.5.3.1.4; RFC 3463 §3.6: X.5.2, syntax error.</summary>
    public static SmtpReply LineTooLong { get; } = new(500, "5.5.2", "Syntax error, line too long");

    /// <summary>RFC 5321 §2.3.8: a line ends with CRLF and nothing else.</summary>
    public static SmtpReply BadLineEnd { get; } = new(500, "5.5.2", "Syntax error, lines end with <CRLF>");

    /// <summary>RFC 5321 §4.2.2; RFC 3463 §3.6: X.5.4, invalid command arguments.</summary>
    public static SmtpReply BadArguments { get; } = new(501, "5.5.4", "Syntax error in parameters or arguments");

    /// <summary>RFC 3463 §3.2: X.1.7, bad sender's mailbox address syntax.</summary>
    public static SmtpReply BadSenderSyntax { get; } = new(501, "5.1.7", "Syntax error in the sender's address");

    /// <summary>RFC 3463 §3.2: X.1.3, bad destination mailbox address syntax.</summary>
    public static SmtpReply BadRecipientSyntax { get; } = new(501, "5.1.3", "Syntax error in the recipient's address");

    /// <summary>RFC 5321 §4.2.4.</summary>
    public static SmtpReply NotImplemented { get; } = new(502, "5.5.1", "Command not implemented");

    /// <summary>RFC 5321 §4.1.4.</summary>
    public static SmtpReply BadSequence { get; } = new(503, "5.5.1", "Bad sequence of commands");

    /// <summary>RFC 5321 §3.3: DATA without a recipient that was accepted.</summary>
    public static SmtpReply NoRecipients { get; } = new(503, "5.5.1", "No valid recipients");

    /// <summary>RFC 3207 §4: nothing follows the command before the handshake.</summary>
    public static SmtpReply BytesBehindStartTls { get; } = new(503, "5.5.1", "Bad sequence of commands: nothing may follow STARTTLS");

    /// <summary>521, since the connection ends: what follows cannot be told from commands.</summary>
    public static SmtpReply BadChunk { get; } = new(521, "5.5.4", "Syntax: BDAT octets [LAST]; closing transmission channel");

    /// <summary>RFC 3207 §4; RFC 3463 §3.8: X.7.0, security status.</summary>
    public static SmtpReply TlsRequired { get; } = new(530, "5.7.0", "Must issue a STARTTLS command first");

    /// <summary>What bodies with faulty line ends, or NUL, get (RFC 5321 §2.3.8; RFC 3463 §3.7: X.6.0, media error).</summary>
    public static SmtpReply BadContent { get; } = new(550, "5.6.0", "Message has a bare CR, a bare LF or a NUL");

    public static SmtpReply BodyLineTooLong { get; } = new(550, "5.6.0", "Message has a line that is too long");

    /// <summary>RFC 1870 §6.1, §6.3; RFC 3463 §3.4: X.3.4, message too big for system.</summary>
    public static SmtpReply MessageTooBig { get; } = new(552, "5.3.4", "Message size exceeds fixed maximum message size");

    public static SmtpReply HeaderTooBig { get; } = new(552, "5.3.4", "Header section is too large");

    /// <summary>RFC 6531 §3.5; X.6.7, non-ASCII addresses not permitted.</summary>
    public static SmtpReply NeedsSmtpUtf8 { get; } = new(553, "5.6.7", "Non-ASCII address without SMTPUTF8");

    /// <summary>The default of a rule's deny.</summary>
    public static SmtpReply Denied { get; } = new(554, "5.7.1", "Permanent problems with the remote server");

    public static SmtpReply AlreadyUnderTls { get; } = new(554, "5.5.1", "Error: TLS already active");

    /// <summary>RFC 5321 §4.1.1.11: parameters not recognized; RFC 3463 §3.6: X.5.4.</summary>
    public static SmtpReply UnknownParameter { get; } =
        new(555, "5.5.4", "MAIL or RCPT parameter not recognized or not implemented");

    /// <summary>RFC 6409 §4.2; RFC 3463 §3.2: X.1.8, the sender's system.</summary>
    public static SmtpReply SenderNotQualified { get; } = new(554, "5.1.8", "The sender's domain is not fully qualified");

    /// <summary>RFC 6409 §4.2; RFC 3463 §3.2: X.1.2, the destination system.</summary>
    public static SmtpReply RecipientNotQualified { get; } = new(554, "5.1.2", "The recipient's domain is not fully qualified");

    /// <summary>RFC 4954 §6.</summary>
    public static SmtpReply Authenticated { get; } = new(235, "2.7.0", "Authentication succeeded");

    /// <summary>RFC 4954 §6: who could say is not there.</summary>
    public static SmtpReply AuthNotNow { get; } = new(454, "4.7.0", "Temporary authentication failure");

    /// <summary>RFC 4954 §4.</summary>
    public static SmtpReply AuthLineTooLong { get; } = new(500, "5.5.6", "Authentication exchange line is too long");

    /// <summary>RFC 4954 §4.</summary>
    public static SmtpReply NotBase64 { get; } = new(501, "5.5.2", "Invalid, not base64");

    /// <summary>RFC 4954 §4.</summary>
    public static SmtpReply AuthCancelled { get; } = new(501, "5.7.0", "Authentication canceled by client");

    /// <summary>RFC 4954 §4.</summary>
    public static SmtpReply ClientMustNotStart { get; } = new(501, "5.7.0", "Client must not start with this mechanism");

    /// <summary>RFC 4954 §4.</summary>
    public static SmtpReply MechanismUnknown { get; } = new(504, "5.5.4", "Mechanism is not supported");

    /// <summary>RFC 4954 §6.</summary>
    public static SmtpReply AuthRequired { get; } = new(530, "5.7.0", "Authentication required");

    /// <summary>RFC 4954 §6: the same whoever the client says to be.</summary>
    public static SmtpReply BadCredentials { get; } = new(535, "5.7.8", "Authentication credentials invalid");

    /// <summary>RFC 4954 §6.</summary>
    public static SmtpReply MechanismNeedsTls { get; } = new(538, "5.7.11", "Encryption required for requested authentication mechanism");

    /// <summary>RFC 5321 §4.3.1: the domain is the first word. No enhanced code (RFC 2034 §4).</summary>
    public static SmtpReply Greeting(string domain) => new(220, $"{domain} Service ready");
}
