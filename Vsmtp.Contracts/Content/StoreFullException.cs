namespace Vsmtp.Contracts.Content;

/// <summary>The store takes no more for now; a peer is told 452 (RFC 5321 §4.2.3).</summary>
/// <remarks>
/// Of Orleans' family, since its state facet hands any other exception of a storage to the grain wrapped; with a serializer, since
/// without one the caller in another process is told of the lack of that instead.
/// </remarks>
[GenerateSerializer, Alias("vsmtp.store-full")]
public sealed class StoreFullException(string message) : OrleansException(message);
