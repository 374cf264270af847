using Npgsql;
using Vsmtp.Rules.Loading;
using Vsmtp.Rules.Services.Files;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Services.Sql;

/// <summary>Reads the options of <c>db:sqlite</c> and <c>db:postgres</c>.</summary>
internal static class SqlReader
{
    private const int UsualConnections = 4;
    private const int MostConnections = 100;
    private const string UrlForm = "\"postgres://user@host:port/database\"; what has a meaning in URLs is written as %XX";

    private static readonly TimeSpan UsualTimeout = TimeSpan.FromSeconds(30);

    /// <returns>Null when there are faults.</returns>
    public static SqlDatabase? ReadSqlite(string name, VslMap map, LoadState state, ServiceFindings findings)
    {
        var options = new OptionReader($"service `{name}`", map, findings);
        var path = options.RequiredText("connector");
        var access = options.Text("access") ?? "O_RDWR";
        if (access is not ("O_RDONLY" or "O_RDWR")) findings.Faults.Add($"`access` of service `{name}` is one of O_RDONLY, O_RDWR, not `{access}`");
        var (timeout, connections) = Limits(options);
        options.WarnOfUnknownKeys();
        if (path is not null && DatabaseFile.Fault(path, state, findings.Faults.Count == 0) is { } fault)
            findings.Faults.Add($"`connector` of service `{name}`: {fault}");
        if (findings.Faults.Count > 0) return null;
        return new SqliteDatabase(name, new SqliteOptions(path!, access == "O_RDONLY", timeout, connections, state.Options.StoreFile));
    }

    /// <returns>Null when there are faults.</returns>
    public static SqlDatabase? ReadPostgres(string name, VslMap map, ServiceFindings findings)
    {
        var options = new OptionReader($"service `{name}`", map, findings);
        var settings = options.RequiredText("url") is { } url ? Settings(url, $"`url` of service `{name}`", findings) : null;
        if (options.Any("password") is not null) findings.RefusePassword($"service `{name}`");
        var (file, variable) = (options.Text("password_file"), options.Text("password_env"));
        if (file is not null && !Path.IsPathFullyQualified(file))
            findings.Faults.Add($"`password_file` of service `{name}`: the path must be absolute, and `{file}` is not");
        if (file is not null && variable is not null)
            findings.Faults.Add($"service `{name}` has both `password_file` and `password_env`");
        var (timeout, connections) = Limits(options);
        options.WarnOfUnknownKeys();
        return findings.Faults.Count == 0 ? new PostgresDatabase(name, new PostgresOptions(settings!, file, variable, timeout, connections)) : null;
    }

    private static (TimeSpan Timeout, int Connections) Limits(OptionReader options) =>
        (options.Duration("timeout") ?? UsualTimeout, (int?)options.Positive("connections", MostConnections) ?? UsualConnections);

    private static NpgsqlConnectionStringBuilder? Settings(string url, string owner, ServiceFindings findings)
    {
        // Nothing of the text is quoted here: it may have a password where none belongs.
        var isUrl = Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "postgres" or "postgresql";
        if (!isUrl || uri!.Host.Length == 0 || uri.Port == 0 || uri.AbsolutePath.Trim('/') is not { Length: > 0 } database || database.Contains('/'))
        {
            if (url.Contains('@')) findings.HidesSource = true;
            findings.Faults.Add($"{owner} must be {UrlForm}");
            return null;
        }

        var user = uri.UserInfo.Split(':', 2);
        var settings = new NpgsqlConnectionStringBuilder
        {
            Host = uri.DnsSafeHost, Port = uri.Port < 0 ? 5432 : uri.Port, Database = Uri.UnescapeDataString(database), ApplicationName = "vsmtp rules",
        };
        if (user[0].Length > 0) settings.Username = Uri.UnescapeDataString(user[0]);
        if (user.Length > 1) findings.RefusePassword(owner);
        foreach (var pair in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=', 2)))
        {
            var key = Uri.UnescapeDataString(pair[0]);
            if (key.Contains("pass", StringComparison.OrdinalIgnoreCase)) findings.RefusePassword(owner);
            else if (!TrySet(settings, key, pair.Length > 1 ? Uri.UnescapeDataString(pair[1]) : "")) findings.Faults.Add($"{owner}: there is no setting `{key}`, or not with that value");
        }

        return settings;
    }

    /// <summary>libpq's names, and Npgsql's own.</summary>
    private static bool TrySet(NpgsqlConnectionStringBuilder settings, string key, string value)
    {
        var name = key switch
        {
            "sslmode" => "SSL Mode",
            "sslrootcert" => "Root Certificate",
            "sslcert" => "SSL Certificate",
            "sslkey" => "SSL Key",
            "application_name" => "Application Name",
            _ => key,
        };
        try
        {
            settings[name] = name == "SSL Mode" ? value.Replace("-", "", StringComparison.Ordinal) : value;
            return true;
        }
        catch (Exception e) when (e is ArgumentException or InvalidCastException or FormatException)
        {
            return false;
        }
    }
}
