namespace Vsmtp.Contracts.Content;

/// <summary>A content that a mail names, or that a caller asked for, is not in the store.</summary>
/// <remarks>
/// Of Orleans' family, since its state facet hands any other exception of a storage to the grain wrapped; with a serializer, since
/// without one the caller in another process is told of the lack of that instead.
/// </remarks>
[GenerateSerializer, Alias("vsmtp.content-missing")]
public sealed class ContentMissingException(ContentId id) : OrleansException($"The store has no content {id}.");
