namespace Vsmtp.Rules.Accounts;

/// <summary>saslauthd gives no answer. The message says why, and nothing of whom it was asked about.</summary>
internal sealed class SaslAuthException(string message, Exception? inner = null) : Exception(message, inner);
