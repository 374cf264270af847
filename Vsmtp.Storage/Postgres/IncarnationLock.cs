using Npgsql;

namespace Vsmtp.Storage.Postgres;

/// <summary>Whether an incarnation lives: each of its sessions that may write under its name holds one advisory lock, shared, until it ends.</summary>
/// <remarks>
/// Claim and writers alike hold it, so an incarnation counts as ended only when the last batch that it sent is committed or gone.
/// Names are unique for ever and are locked before anything is written under them: what has ended never lives again, so the answer
/// may be acted upon after the look. Two looks at the same moment may see each other; the second then says "lives", which is
/// corrected by the next look.
/// </remarks>
internal static class IncarnationLock
{
    /// <summary>Says that the incarnation lives for as long as this session does.</summary>
    public static void Hold(NpgsqlConnection session, StoreIncarnation incarnation)
    {
        using var hold = new NpgsqlCommand($"SELECT pg_advisory_lock_shared({KeyOf("$1")})", session);
        hold.Parameters.Text(incarnation.Name);
        hold.ExecuteNonQuery();
    }

    /// <summary>An SQL condition: true when nobody lives under this name. Its statement runs in a transaction of its own.</summary>
    /// <param name="name">An SQL expression of type text.</param>
    public static string HasEnded(string name) => $"pg_try_advisory_xact_lock({KeyOf(name)})";

    /// <summary>The lock's first number as <c>pg_locks</c> shows it, without a sign; an SQL expression.</summary>
    public static string ClassOf(string name) => $"(hashtextextended({name}, 0) >> 32) & 4294967295";

    /// <summary>Its second number.</summary>
    public static string ObjectOf(string name) => $"hashtextextended({name}, 0) & 4294967295";

    /// <summary>64 bits of a hash as two numbers: locks of two numbers are never those of one, as the claim's and the migrations' are.</summary>
    private static string KeyOf(string name) =>
        $"(hashtextextended({name}, 0) >> 32)::integer, (hashtextextended({name}, 0) << 32 >> 32)::integer";
}
