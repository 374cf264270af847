namespace Vsmtp.Smtp.Commands;

/// <summary>NOTIFY: when the sender wants to hear (RFC 3461 §4.1). No flag is NEVER.</summary>
[Flags]
public enum DsnNotify
{
    Never = 0,
    Success = 1,
    Failure = 2,
    Delay = 4,
}
