using System.Collections.Immutable;
using System.Globalization;
using Npgsql;
using Vsmtp.Storage.Migrations;

namespace Vsmtp.Storage.Postgres.Migrations;

/// <summary>Brings the schema to this program's version: numbered files, each applied once, all that is missing in one transaction.</summary>
internal static class PostgresMigrator
{
    /// <summary>Those of this program, in order.</summary>
    public static ImmutableArray<Migration> All { get; } = MigrationFiles.Read("Postgres/");

    /// <exception cref="StoreUnusableException">The schema is not ours, or a newer program made it.</exception>
    public static void Apply(NpgsqlConnection connection, PostgresStoreOptions options, ImmutableArray<Migration> migrations)
    {
        using var transaction = connection.BeginTransaction();
        // Silos that start together come here one after another.
        Run(connection, "SELECT pg_advisory_xact_lock(hashtextextended('vsmtp migrations', 0))");
        var version = Check(connection, options, migrations);
        foreach (var migration in migrations.Where(migration => migration.Version > version)) Apply(connection, migration);
        transaction.Commit();
    }

    private static long Check(NpgsqlConnection connection, PostgresStoreOptions options, ImmutableArray<Migration> migrations)
    {
        if (Number(connection, $"SELECT count(*) FROM pg_namespace WHERE nspname = '{PostgresConnections.Schema}'") == 0)
        {
            Run(connection, $"CREATE SCHEMA {PostgresConnections.Schema}");
        }

        if (Number(connection, $"SELECT count(*) FROM pg_tables WHERE schemaname = '{PostgresConnections.Schema}'") == 0)
        {
            Run(connection, "CREATE TABLE schema_version (version bigint PRIMARY KEY, name text NOT NULL)");
            return 0;
        }

        if (Number(connection, "SELECT count(*) FROM pg_class WHERE oid = to_regclass('vsmtp.schema_version')") == 0)
        {
            throw new StoreUnusableException($"The schema {PostgresConnections.Schema} of {options} is no mail store: another program made it.");
        }

        var version = Number(connection, "SELECT coalesce(max(version), 0) FROM schema_version");
        if (version <= migrations[^1].Version) return version;
        throw new StoreUnusableException(
            $"The mail store {options} has schema {version}: a newer program made it; this one knows {migrations[^1].Version}.");
    }

    private static void Apply(NpgsqlConnection connection, Migration migration)
    {
        Run(connection, migration.Sql);
        using var mark = new NpgsqlCommand("INSERT INTO schema_version (version, name) VALUES ($1, $2)", connection)
        {
            Parameters = { new() { Value = migration.Version }, new() { Value = migration.Name } },
        };
        mark.ExecuteNonQuery();
    }

    private static void Run(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    private static long Number(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }
}
