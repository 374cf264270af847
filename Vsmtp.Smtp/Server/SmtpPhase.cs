namespace Vsmtp.Smtp.Server;

/// <summary>How far a conversation has come.</summary>
public enum SmtpPhase
{
    /// <summary>The greeting was sent.</summary>
    Connected,

    /// <summary>A refusal stood in the greeting's place: only QUIT is heard (RFC 5321 §3.1).</summary>
    Refused,

    /// <summary>HELO or EHLO was accepted; no transaction is open.</summary>
    Greeted,

    /// <summary>MAIL was accepted.</summary>
    Sender,

    /// <summary>One RCPT at least was accepted.</summary>
    Recipients,

    /// <summary>A BDAT that was not the last was answered.</summary>
    Chunks,
}
