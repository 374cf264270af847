namespace Vsmtp.Storage;

/// <summary>The store cannot be opened, or has failed in a way that only a restart mends. The message is for an operator.</summary>
/// <remarks>
/// Of Orleans' family, since its state facet hands any other exception of a storage to the grain wrapped; with a serializer, since
/// without one the caller in another process is told of the lack of that instead.
/// </remarks>
[GenerateSerializer, Alias("vsmtp.store-unusable")]
public sealed class StoreUnusableException(string message, Exception? innerException = null) : OrleansException(message, innerException!);
