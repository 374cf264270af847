namespace Vsmtp.Smtp.Server;

/// <summary>How the client introduced itself.</summary>
/// <param name="Name">The domain as it was written; an address without its brackets.</param>
/// <param name="IsExtended">EHLO, not HELO.</param>
public sealed record SmtpHelo(string Name, bool IsExtended);
