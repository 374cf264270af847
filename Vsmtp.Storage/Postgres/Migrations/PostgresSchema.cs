using System.Collections.Immutable;
using Vsmtp.Storage.Migrations;

namespace Vsmtp.Storage.Postgres.Migrations;

/// <summary>One of the schemas that this program has in a site's database, where the site may keep other things too.</summary>
/// <param name="Name">In PostgreSQL.</param>
/// <param name="What">In an operator's words.</param>
/// <param name="Migrations">How it is made, in order.</param>
internal sealed record PostgresSchema(string Name, string What, ImmutableArray<Migration> Migrations)
{
    public static PostgresSchema Mail { get; } = new("vsmtp", "mail store", MigrationFiles.Read("Postgres/"));

    public static PostgresSchema Cluster { get; } = new("vsmtp_cluster", "cluster's schema", MigrationFiles.Read("Cluster/"));
}
