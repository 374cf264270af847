namespace Vsmtp.Contracts.Content;

/// <summary>The store takes no more for now; a peer is told 452 (RFC 5321 §4.2.3).</summary>
public sealed class StoreFullException(string message) : Exception(message);
