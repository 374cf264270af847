using System.Data;
using System.Data.Common;
using Npgsql;
using Vsmtp.Storage.Postgres.Cluster;

namespace Vsmtp.Storage.Tests.Postgres.Cluster;

/// <summary>The stored queries, looked up, bound and read as Orleans' providers do: on a connection per call, by names, with ADO.NET's types.</summary>
internal sealed class ProviderQueries
{
    private readonly string _connectionString;
    private readonly Dictionary<string, string> _texts;

    private ProviderQueries(string connectionString, Dictionary<string, string> texts)
    {
        _connectionString = connectionString;
        _texts = texts;
    }

    public IEnumerable<string> Keys => _texts.Keys;

    public static async Task<ProviderQueries> LoadAsync(PostgresStoreOptions options, ClusterUse use)
    {
        // An unpooled one leaves nothing behind in the server that tests share.
        var connectionString = new NpgsqlConnectionStringBuilder(ClusterTables.ConnectionString(options, use)) { Pooling = false }.ToString();
        var loader = new ProviderQueries(connectionString, new() { [""] = "SELECT QueryKey, QueryText FROM OrleansQuery" });
        var rows = await loader.RunAsync("", []);
        return new ProviderQueries(connectionString, rows.ToDictionary(row => (string)row["QueryKey"]!, row => (string)row["QueryText"]!));
    }

    /// <param name="key">Of the query.</param>
    /// <param name="parameters">A null is of the type that follows it: <c>("Name", null, typeof(string))</c>.</param>
    public async Task<List<Row>> RunAsync(string key, params (string Name, object? Value, Type Type)[] parameters)
    {
        await using var connection = new NpgsqlConnection(_connectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = _texts[key];
        foreach (var (name, value, type) in parameters) command.Parameters.Add(Bind(command, name, value, type));
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var rows = new List<Row>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken)) rows.Add(Row.Of(reader));
        return rows;
    }

    public async Task<bool> AskAsync(string key, params (string Name, object? Value, Type Type)[] parameters)
    {
        var row = (await RunAsync(key, parameters)).First();
        return Convert.ToBoolean(Assert.Single(row.Values));
    }

    private static DbParameter Bind(DbCommand command, string name, object? value, Type type)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value ?? DBNull.Value;
        parameter.DbType = Type.GetTypeCode(type) switch
        {
            TypeCode.Int32 => DbType.Int32,
            TypeCode.Int64 => DbType.Int64,
            TypeCode.String => DbType.String,
            TypeCode.DateTime => DbType.DateTime,
            _ => DbType.Binary,
        };
        return parameter;
    }

    /// <summary>Values by the names that the provider reads, whose letter case the driver forgives.</summary>
    internal sealed class Row : Dictionary<string, object?>
    {
        private Row() : base(StringComparer.OrdinalIgnoreCase)
        {
        }

        public static Row Of(DbDataReader reader)
        {
            var row = new Row();
            for (var column = 0; column < reader.FieldCount; column++)
            {
                row[reader.GetName(column)] = reader.IsDBNull(column) ? null : reader.GetValue(column);
            }

            return row;
        }
    }
}
