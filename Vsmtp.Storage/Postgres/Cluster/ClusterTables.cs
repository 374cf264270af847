namespace Vsmtp.Storage.Postgres.Cluster;

public static class ClusterTables
{
    public static string Connect(PostgresStoreOptions options) => new Npgsql.NpgsqlConnectionStringBuilder
    {
        Host = options.Host, Port = options.Port, Database = options.Database, Username = options.User, Password = options.Password,
        SearchPath = "vsmtp_cluster", ApplicationName = "vsmtp cluster",
    }.ToString();
}
