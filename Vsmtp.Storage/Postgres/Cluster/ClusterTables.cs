using Vsmtp.Storage.Postgres.Migrations;

namespace Vsmtp.Storage.Postgres.Cluster;

/// <summary>
/// The tables of Orleans' ADO.NET providers (clustering, persistence, reminders) and the texts of their queries: schema
/// <c>vsmtp_cluster</c> in the site's database.
/// </summary>
/// <remarks>The providers look their queries up in a table: what is in it is ours, and depends only on the parameters that they bind and the columns that they read.</remarks>
public static class ClusterTables
{
    /// <summary>What the providers call PostgreSQL's driver.</summary>
    public const string Invariant = "Npgsql";

    /// <summary>
    /// Makes the schema, or brings it to this program's version; does nothing where that is done. Any number of silos and gateways
    /// may do it at once, each before its Orleans host is built.
    /// </summary>
    /// <exception cref="StoreUnusableException">It cannot be, or a newer program made the schema; the message says why, without the password.</exception>
    public static void Prepare(PostgresStoreOptions options)
    {
        using var connection = PostgresConnections.OpenKept(options, PostgresSchema.Cluster, "cluster preparation");
        PostgresConnections.Explain(options, PostgresSchema.Cluster, () =>
        {
            PostgresMigrator.Apply(connection, options, PostgresSchema.Cluster);
            return true;
        });
    }

    /// <summary>
    /// For one of the providers. Each has connections of its own, so that the membership, by which silos are declared dead, never
    /// waits behind a burst of states. It has the password: never to be logged.
    /// </summary>
    /// <exception cref="StoreUnusableException">A parameter is not known.</exception>
    public static string ConnectionString(PostgresStoreOptions options, ClusterUse use) =>
        PostgresConnections.ClusterConnectionString(options, use);
}
