namespace Vsmtp.Contracts.Stores;

/// <summary>The store is away for now; whether a write that met this was carried out is not known. A repeated one tells.</summary>
/// <remarks>
/// Of Orleans' family, since its state facet hands any other exception of a storage to the grain wrapped; with a serializer, since
/// without one the caller in another process is told of the lack of that instead.
/// </remarks>
[GenerateSerializer, Alias("vsmtp.store-away")]
public sealed class StoreAwayException(string message, Exception? innerException = null) : OrleansException(message, innerException!);
