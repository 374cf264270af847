using Vsmtp.Smtp.Server.Authentication;

namespace Vsmtp.Smtp.Server;

/// <summary>Who a client has shown to be.</summary>
/// <param name="Name">Prepared (RFC 4013); of an anonymous client what it says of itself, which may be nothing.</param>
public sealed record SmtpIdentity(SaslMechanism Mechanism, string Name);
