namespace Vsmtp.Rules.Services.Commands;

/// <summary>A command did not run at all; the message is for the script.</summary>
internal sealed class CommandFailedException(string message) : Exception(message);
