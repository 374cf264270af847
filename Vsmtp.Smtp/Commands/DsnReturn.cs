namespace Vsmtp.Smtp.Commands;

/// <summary>RET: how much of the message a report of failure brings back (RFC 3461 §4.3).</summary>
public enum DsnReturn
{
    Full,
    Headers,
}
