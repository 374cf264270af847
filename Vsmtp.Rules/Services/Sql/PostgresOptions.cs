using Npgsql;

namespace Vsmtp.Rules.Services.Sql;

/// <summary>What <c>service NAME db:postgres</c> says.</summary>
/// <param name="Settings">Host, port, database, user and what stands behind the question mark; no password.</param>
/// <param name="PasswordFile">An absolute path; its first line is the password. It is read at each connect, so that the password can change. Null: none.</param>
/// <param name="PasswordVariable">A variable of the server's environment. Null: none.</param>
internal sealed record PostgresOptions(
    NpgsqlConnectionStringBuilder Settings, string? PasswordFile, string? PasswordVariable, TimeSpan Timeout, int Connections);
