using System.Globalization;
using Npgsql;
using Vsmtp.Storage.Migrations;

namespace Vsmtp.Storage.Postgres.Migrations;

/// <summary>Brings a schema to this program's version: numbered files, each applied once, all that is missing in one transaction.</summary>
internal static class PostgresMigrator
{
    /// <param name="connection">With the schema as its search path.</param>
    /// <param name="options">For what is said.</param>
    /// <param name="schema">Made if there is none.</param>
    /// <exception cref="StoreUnusableException">The schema is not ours, or a newer program made it.</exception>
    public static void Apply(NpgsqlConnection connection, PostgresStoreOptions options, PostgresSchema schema)
    {
        using var transaction = connection.BeginTransaction();
        // Processes that start together come here one after another.
        Run(connection, "SELECT pg_advisory_xact_lock(hashtextextended('vsmtp migrations', 0))");
        var version = Check(connection, options, schema);
        foreach (var migration in schema.Migrations.Where(migration => migration.Version > version)) Apply(connection, migration);
        transaction.Commit();
    }

    private static long Check(NpgsqlConnection connection, PostgresStoreOptions options, PostgresSchema schema)
    {
        if (Number(connection, $"SELECT count(*) FROM pg_namespace WHERE nspname = '{schema.Name}'") == 0)
        {
            Run(connection, $"CREATE SCHEMA {schema.Name}");
        }

        if (Number(connection, $"SELECT count(*) FROM pg_tables WHERE schemaname = '{schema.Name}'") == 0)
        {
            Run(connection, "CREATE TABLE schema_version (version bigint PRIMARY KEY, name text NOT NULL)");
            return 0;
        }

        if (Number(connection, $"SELECT count(*) FROM pg_class WHERE oid = to_regclass('{schema.Name}.schema_version')") == 0)
        {
            throw new StoreUnusableException($"The schema {schema.Name} of {options} is no {schema.What}: another program made it.");
        }

        var version = Number(connection, "SELECT coalesce(max(version), 0) FROM schema_version");
        if (version <= schema.Migrations[^1].Version) return version;
        throw new StoreUnusableException(
            $"The {schema.What} {options} has schema {version}: a newer program made it; this one knows {schema.Migrations[^1].Version}.");
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

    /// <summary>Without a limit: what changes rows takes as long as there are rows, and so does to wait for the process that does it.</summary>
    private static void Run(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        command.ExecuteNonQuery();
    }

    private static long Number(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }
}
