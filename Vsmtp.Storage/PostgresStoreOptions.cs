using System.Collections.Immutable;

namespace Vsmtp.Storage;

/// <summary>A store in a PostgreSQL database, in a schema of its own. The text form has no password.</summary>
public sealed record PostgresStoreOptions : StoreOptions
{
    /// <summary>A name, an address, or the folder of a Unix socket.</summary>
    public required string Host { get; init; }

    /// <summary>Default: 5432.</summary>
    public int Port { get; init; } = 5432;

    public required string Database { get; init; }

    /// <summary>Null: the account that the process runs as.</summary>
    public string? User { get; init; }

    /// <summary>Null: none, or the server's own way (a certificate, pgpass).</summary>
    public string? Password { get; init; }

    /// <summary>By libpq's names: <c>sslmode</c>, <c>sslrootcert</c>, <c>sslcert</c>, <c>sslkey</c>, <c>connect_timeout</c>; others are refused.</summary>
    public ImmutableSortedDictionary<string, string> Parameters { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public override string ToString()
    {
        var user = User is null ? "" : User + "@";
        var host = Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host;
        return $"postgres://{user}{host}:{Port}/{Database}";
    }
}
