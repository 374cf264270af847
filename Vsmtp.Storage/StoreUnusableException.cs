namespace Vsmtp.Storage;

/// <summary>The store cannot be opened, or has failed in a way that only a restart mends. The message is for an operator.</summary>
public sealed class StoreUnusableException(string message, Exception? innerException = null) : Exception(message, innerException);
