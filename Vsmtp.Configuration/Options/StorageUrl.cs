using System.Collections.Immutable;

namespace Vsmtp.Configuration.Options;

/// <summary>Where mails are kept. The text form has no password.</summary>
public abstract record StorageUrl
{
    private StorageUrl()
    {
    }

    /// <summary><c>sqlite:PATH</c>: one file, one process.</summary>
    /// <param name="Path">Absolute.</param>
    public sealed record Sqlite(string Path) : StorageUrl
    {
        public override string ToString() => "sqlite:" + Path;
    }

    /// <summary><c>postgres://user:password@host:port/database?name=value</c>: one process, or the silos of one cluster.</summary>
    public sealed record Postgres : StorageUrl
    {
        public required string Host { get; init; }

        /// <summary>1 to 65535. Default: 5432.</summary>
        public int Port { get; init; } = 5432;

        public required string Database { get; init; }

        /// <summary>Null: the account that the server runs as.</summary>
        public string? User { get; init; }

        /// <summary>Null: none, or the server's own way (a certificate, pgpass).</summary>
        public Secret? Password { get; init; }

        /// <summary>What stands behind the question mark, by name; no password is taken there.</summary>
        public ImmutableSortedDictionary<string, string> Parameters { get; init; } =
            ImmutableSortedDictionary<string, string>.Empty;

        public override string ToString()
        {
            var user = User is null ? "" : Uri.EscapeDataString(User) + "@";
            var host = Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host;
            var parameters = string.Join('&', Parameters.Select(p => $"{Uri.EscapeDataString(p.Key)}={Uri.EscapeDataString(p.Value)}"));
            return $"postgres://{user}{host}:{Port}/{Uri.EscapeDataString(Database)}{(parameters.Length == 0 ? "" : "?" + parameters)}";
        }
    }
}
