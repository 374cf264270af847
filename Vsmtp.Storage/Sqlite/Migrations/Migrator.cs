using System.Collections.Immutable;
using SQLitePCL;
using Vsmtp.Storage.Migrations;

namespace Vsmtp.Storage.Sqlite.Migrations;

/// <summary>Brings a database to this program's schema: numbered files, each applied once, in a transaction with its mark.</summary>
internal static class Migrator
{
    /// <summary>"VSMT" in ASCII, in the header of the file (PRAGMA application_id): tells our databases from others.</summary>
    private const long ApplicationId = 0x56534D54;

    /// <summary>Those of this program, in order.</summary>
    public static ImmutableArray<Migration> All { get; } = MigrationFiles.Read("Sqlite/");

    /// <summary>Applies what is missing. A power cut leaves the database at one version or the next.</summary>
    /// <exception cref="StoreUnusableException">The database is not ours, or a newer program made it.</exception>
    public static void Apply(SqliteSession writer, ImmutableArray<Migration> migrations)
    {
        var version = Check(writer, migrations);
        foreach (var migration in migrations.Where(migration => migration.Version > version)) Apply(writer, migration);
    }

    /// <summary>Looks whether this program understands the database.</summary>
    /// <returns>The version of its schema; 0 for an empty file.</returns>
    public static long Check(SqliteSession session, ImmutableArray<Migration> migrations)
    {
        var id = Number(session, "PRAGMA application_id");
        if (id != ApplicationId)
        {
            if (id == 0 && Number(session, "SELECT count(*) FROM sqlite_schema") == 0) return 0;
            throw new StoreUnusableException($"The SQLite database {session.Path} is no mail store: another program made it.");
        }

        var version = Number(session, "SELECT max(version) FROM schema_version");
        if (version <= migrations[^1].Version) return version;
        throw new StoreUnusableException(
            $"The mail store {session.Path} has schema {version}: a newer program made it; this one knows {migrations[^1].Version}.");
    }

    private static void Apply(SqliteSession session, Migration migration) => session.WriteTogether(writer =>
    {
        Execute(writer, $"PRAGMA application_id={ApplicationId}");
        Execute(writer, "CREATE TABLE IF NOT EXISTS schema_version (version INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT");
        Execute(writer, migration.Sql);
        writer.Use("INSERT INTO schema_version (version, name) VALUES (?, ?)")
            .With(migration.Version).With(migration.Name)
            .Run();
    });

    private static void Execute(SqliteSession session, string script) =>
        Microsoft.Data.Sqlite.SqliteException.ThrowExceptionForRC(raw.sqlite3_exec(session.Handle, script), session.Handle);

    private static long Number(SqliteSession session, string sql)
    {
        using var statement = session.Use(sql);
        return statement.Step() ? statement.Number(0) : 0;
    }
}
