namespace Vsmtp.Rules;

/// <summary>How a recipient is to be served.</summary>
public enum RuleTransport
{
    /// <summary>By MX, or to the relay host of the site.</summary>
    Deliver,

    /// <summary>To <see cref="RuleRecipient.Target"/>.</summary>
    Forward,
    Mbox,
    Maildir,

    /// <summary>Not at all.</summary>
    None,
}
