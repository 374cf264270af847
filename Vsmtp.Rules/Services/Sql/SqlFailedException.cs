namespace Vsmtp.Rules.Services.Sql;

/// <summary>A statement failed; the message, most often the database's own, is for the script.</summary>
internal sealed class SqlFailedException(string message) : Exception(message);
