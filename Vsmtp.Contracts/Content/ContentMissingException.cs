namespace Vsmtp.Contracts.Content;

/// <summary>A content that a mail names, or that a caller asked for, is not in the store.</summary>
public sealed class ContentMissingException(ContentId id) : Exception($"The store has no content {id}.");
