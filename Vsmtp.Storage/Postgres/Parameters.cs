using System.Text;
using Npgsql;
using NpgsqlTypes;

namespace Vsmtp.Storage.Postgres;

/// <summary>Values for <c>$1, $2…</c>, in order; null is NULL.</summary>
internal static class Parameters
{
    public static NpgsqlParameterCollection Text(this NpgsqlParameterCollection to, string? text) =>
        to.Put(NpgsqlDbType.Text, Storable(text));

    /// <param name="utf8">Without NUL, as JSON is.</param>
    public static NpgsqlParameterCollection Utf8(this NpgsqlParameterCollection to, byte[]? utf8) => to.Put(NpgsqlDbType.Text, utf8);

    public static NpgsqlParameterCollection Number(this NpgsqlParameterCollection to, long? number) => to.Put(NpgsqlDbType.Bigint, number);

    public static NpgsqlParameterCollection Flag(this NpgsqlParameterCollection to, bool flag) => to.Put(NpgsqlDbType.Boolean, flag);

    public static NpgsqlParameterCollection Blob(this NpgsqlParameterCollection to, ReadOnlyMemory<byte> bytes) => to.Put(NpgsqlDbType.Bytea, bytes);

    public static NpgsqlParameterCollection Texts(this NpgsqlParameterCollection to, IEnumerable<string?> texts) =>
        to.Put(NpgsqlDbType.Array | NpgsqlDbType.Text, texts.Select(Storable).ToArray());

    public static NpgsqlParameterCollection Numbers(this NpgsqlParameterCollection to, IEnumerable<long> numbers) =>
        to.Put(NpgsqlDbType.Array | NpgsqlDbType.Bigint, numbers.ToArray());

    public static NpgsqlParameterCollection Blobs(this NpgsqlParameterCollection to, IEnumerable<byte[]?> blobs) =>
        to.Put(NpgsqlDbType.Array | NpgsqlDbType.Bytea, blobs.ToArray());

    /// <summary>PostgreSQL's texts have no NUL and no half of a surrogate pair; a peer may have sent either, and one in a subject is no reason to lose a mail.</summary>
    internal static string? Storable(string? text)
    {
        if (text is null || !text.AsSpan().ContainsAnyInRange('\ud800', '\udfff') && !text.Contains('\0', StringComparison.Ordinal)) return text;
        return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace('\0', '\ufffd');
    }

    private static NpgsqlParameterCollection Put(this NpgsqlParameterCollection to, NpgsqlDbType type, object? value)
    {
        to.Add(new NpgsqlParameter { NpgsqlDbType = type, Value = value ?? DBNull.Value });
        return to;
    }
}
