using System.Collections.Immutable;
using Vsmtp.Configuration.Options;

namespace Vsmtp.Configuration.Reading;

/// <summary>Reads storage URLs. What is wrong is said without the URL, which may hold a password.</summary>
internal static class StorageUrlParser
{
    private const string Sqlite = "sqlite:";
    private const int DefaultPort = 5432;

    /// <param name="resolve">Makes a path absolute; null: it is none.</param>
    /// <returns>One of the two is null.</returns>
    public static (StorageUrl? Url, string? Fault) Parse(string text, Func<string, string?> resolve)
    {
        if (text.StartsWith(Sqlite, StringComparison.Ordinal))
        {
            return ParseSqlite(text[Sqlite.Length..], resolve);
        }

        if (text.StartsWith("postgres://", StringComparison.Ordinal) || text.StartsWith("postgresql://", StringComparison.Ordinal))
        {
            return ParsePostgres(text);
        }

        return (null, "must begin with \"sqlite:\" or \"postgres://\"");
    }

    private static (StorageUrl? Url, string? Fault) ParseSqlite(string path, Func<string, string?> resolve)
    {
        if (path.StartsWith("///", StringComparison.Ordinal))
        {
            path = path[2..];
        }

        if (path.StartsWith("//", StringComparison.Ordinal) || path.Contains('?', StringComparison.Ordinal))
        {
            return (null, "must be \"sqlite:PATH\", without host and parameters");
        }

        if (path is ":memory:")
        {
            return (null, "must name a file: mails have to outlive the process");
        }

        return resolve(path) is { } full ? (new StorageUrl.Sqlite(full), null) : (null, "must be \"sqlite:PATH\"");
    }

    private static (StorageUrl? Url, string? Fault) ParsePostgres(string text)
    {
        const string form = "must be \"postgres://user:password@host:port/database\"; what has a meaning in URLs is written as %XX";
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Fragment.Length > 0 || uri.Port == 0)
        {
            return (null, form);
        }

        var user = uri.UserInfo.Split(':', 2);
        var database = Uri.UnescapeDataString(uri.AbsolutePath.TrimStart('/'));
        var parameters = ParseParameters(uri.Query);
        if (parameters is null || database.Length == 0 || database.Contains('/', StringComparison.Ordinal))
        {
            return (null, form);
        }

        if (parameters.Keys.Any(k => k.Contains("pass", StringComparison.OrdinalIgnoreCase)))
        {
            return (null, "takes the password before the host only, so that it is never shown");
        }

        // A Unix socket's folder is no host of a URL; libpq takes it as a parameter too.
        var host = uri.Host.Length > 0 ? uri.DnsSafeHost : parameters.GetValueOrDefault("host");
        return string.IsNullOrEmpty(host) ? (null, form) : (new StorageUrl.Postgres
        {
            Host = host,
            Port = uri.Port < 0 ? DefaultPort : uri.Port,
            Database = database,
            User = user[0].Length == 0 ? null : Uri.UnescapeDataString(user[0]),
            Password = user.Length < 2 ? null : new(Uri.UnescapeDataString(user[1])),
            Parameters = uri.Host.Length > 0 ? parameters : parameters.Remove("host"),
        }, null);
    }

    private static ImmutableSortedDictionary<string, string>? ParseParameters(string query)
    {
        var parameters = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var pair in query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = pair.Split('=', 2);
            if (parts.Length < 2 || !parameters.TryAdd(Uri.UnescapeDataString(parts[0]), Uri.UnescapeDataString(parts[1])))
            {
                return null;
            }
        }

        return parameters.ToImmutable();
    }
}
