namespace Vsmtp.Faults.Ledgers;

/// <summary>What a service was given, found and gave back.</summary>
/// <param name="Mail">The test's own name of the mail, which the client has put into it.</param>
/// <param name="Proof">What it wrote into the mail, never twice the same; null when it forgot to.</param>
/// <param name="IsAsSent">It was given what the client had sent.</param>
/// <param name="Returned">The message that it gave back, by its fingerprint.</param>
internal sealed record Scan(string Mail, string? Proof, bool IsInfected, bool IsAsSent, string Returned);
