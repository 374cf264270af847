using System.Collections.Immutable;
using Npgsql;
using Orleans.Storage;
using Vsmtp.Contracts.Content;
using Vsmtp.Storage.Mails;

namespace Vsmtp.Storage.Postgres.Writing;

/// <summary>What the faults of a unit mean to its caller.</summary>
/// <param name="What">Whose state it is, for messages.</param>
/// <param name="Expected">The version that the caller read; null: none.</param>
/// <param name="Contents">That it names, one of which may be missing.</param>
internal sealed record PostgresFaults(string What, long? Expected, ImmutableArray<ContentId> Contents)
{
    private const string Stale = "VS001";
    private const string ContentMissing = "VS002";
    private const string HasEnded = "VS003";

    /// <summary>The server ends, its disk fails, or its data are damaged: to that nothing is added.</summary>
    public static bool IsFatal(PostgresException fault) =>
        fault.SqlState.StartsWith("57P", StringComparison.Ordinal)
        || fault.SqlState.StartsWith("58", StringComparison.Ordinal)
        || fault.SqlState.StartsWith("XX", StringComparison.Ordinal);

    /// <param name="sqlState">PostgreSQL's code, or one of ours (0002-writes.sql).</param>
    public Exception Explain(string sqlState, string message) => sqlState switch
    {
        Stale => new InconsistentStateException(
            $"{What} was written by somebody else.", message, Expected is { } version ? ETag.Of(version) : "none"),
        ContentMissing => new ContentMissingException(
            Contents.FirstOrDefault(content => content.Key == message) ?? new ContentId(message, 0, "")),
        HasEnded => new InvalidOperationException($"{What} has ended as {message} and does not come back."),
        PostgresErrorCodes.DiskFull => new StoreFullException($"The disk of the mail store is full: {message}"),
        _ => new PostgresException(message, "ERROR", "ERROR", sqlState),
    };
}
