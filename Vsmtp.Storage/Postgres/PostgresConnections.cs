using System.Globalization;
using System.Net.Sockets;
using Npgsql;
using Vsmtp.Storage.Postgres.Cluster;
using Vsmtp.Storage.Postgres.Migrations;

namespace Vsmtp.Storage.Postgres;

/// <summary>How this program connects to its database, and what it says when it cannot.</summary>
internal static class PostgresConnections
{
    private const int MaxReaders = 16;

    /// <summary>Of each of Orleans' providers: short statements, none of them on the mail path.</summary>
    private const int MaxClusterConnections = 8;

    /// <summary>
    /// Plans are made once, and by indexes whatever the tables have: one that was made while a table was empty would read all of it ever
    /// after. What cannot do without that counts as so dear that it would be compiled.
    /// </summary>
    private const string KeptPlans = " -c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c jit=off";

    /// <summary>A connection kept for the life of the store or of a claim, in no pool.</summary>
    /// <exception cref="StoreUnusableException">It cannot be made.</exception>
    public static NpgsqlConnection OpenKept(PostgresStoreOptions options, PostgresSchema schema, string purpose)
    {
        var settings = Settings(options, schema, purpose);
        settings.Pooling = false;
        settings.CommandTimeout = 60;
        return Explain(options, schema, () =>
        {
            var connection = new NpgsqlConnection(settings.ToString());
            try
            {
                connection.Open();
                return connection;
            }
            catch
            {
                connection.Dispose();
                throw;
            }
        });
    }

    /// <summary>The name that a session of this process has in the database, as far as that keeps names: 63 octets.</summary>
    public static string NameOf(string purpose)
    {
        const int kept = 63;
        var name = $"vsmtp {Environment.MachineName}:{Environment.ProcessId} {purpose}";
        return name.Length > kept ? name[..kept] : name;
    }

    /// <summary>For reads and for rare writes beside the group commit.</summary>
    public static NpgsqlDataSource CreatePool(PostgresStoreOptions options)
    {
        var settings = Settings(options, PostgresSchema.Mail, "reads");
        settings.MaxPoolSize = MaxReaders;
        // Nothing is left behind in a session: neither settings nor locks nor tables.
        settings.NoResetOnClose = true;
        return new NpgsqlDataSourceBuilder(settings.ToString()).Build();
    }

    /// <summary>For Orleans' providers, which make their connections themselves. It has the password.</summary>
    public static string ClusterConnectionString(PostgresStoreOptions options, ClusterUse use)
    {
        var purpose = use switch
        {
            ClusterUse.Membership => "membership",
            ClusterUse.GrainStates => "grain states",
            ClusterUse.Reminders => "reminders",
            _ => throw new ArgumentOutOfRangeException(nameof(use), use, "There is no such use."),
        };
        var settings = Settings(options, PostgresSchema.Cluster, purpose);
        settings.MaxPoolSize = MaxClusterConnections;
        return settings.ToString();
    }

    /// <summary>Runs what opens or prepares a schema and puts PostgreSQL's faults into an operator's words.</summary>
    public static T Explain<T>(PostgresStoreOptions options, PostgresSchema schema, Func<T> open)
    {
        try
        {
            return open();
        }
        catch (Exception fault) when (fault is NpgsqlException or SocketException or TimeoutException)
        {
            var why = (fault as PostgresException)?.SqlState switch
            {
                PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification => "refuses this user",
                PostgresErrorCodes.InvalidCatalogName => "does not exist",
                PostgresErrorCodes.InsufficientPrivilege => "does not let this user make or use the schema " + schema.Name,
                PostgresErrorCodes.TooManyConnections => "takes no more connections",
                null => "cannot be reached",
                _ => "cannot be opened",
            };
            var said = (fault as PostgresException)?.MessageText ?? fault.InnerException?.Message ?? fault.Message;
            throw new StoreUnusableException($"The {schema.What} {options} {why} (PostgreSQL: {said})", fault);
        }
    }

    private static NpgsqlConnectionStringBuilder Settings(PostgresStoreOptions options, PostgresSchema schema, string purpose)
    {
        var settings = new NpgsqlConnectionStringBuilder
        {
            Host = options.Host,
            Port = options.Port,
            Database = options.Database,
            Username = options.User,
            Password = options.Password,
            ApplicationName = NameOf(purpose),
            SearchPath = schema.Name,
            // Whatever the database's own settings are: 250 means durable (design rule 1), and a statement that waited for another's
            // transaction goes on with what that one left.
            Options = @"-c synchronous_commit=on -c default_transaction_isolation=read\ committed -c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3",
            KeepAlive = 10,
            MaxAutoPrepare = 60,
            AutoPrepareMinUsages = 2,
            IncludeErrorDetail = false,
        };
        if (schema == PostgresSchema.Mail) settings.Options += KeptPlans;
        foreach (var (name, value) in options.Parameters) Apply(options, settings, name, value);
        return settings;
    }

    private static void Apply(PostgresStoreOptions options, NpgsqlConnectionStringBuilder settings, string name, string value)
    {
        switch (name)
        {
            case "sslmode" when Enum.TryParse<SslMode>(value.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var mode):
                settings.SslMode = mode;
                break;
            case "connect_timeout" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= 1024:
                settings.Timeout = seconds;
                break;
            case "sslrootcert":
                settings.RootCertificate = value;
                break;
            case "sslcert":
                settings.SslCertificate = value;
                break;
            case "sslkey":
                settings.SslKey = value;
                break;
            case "sslmode" or "connect_timeout":
                throw new StoreUnusableException($"The mail store {options}: {name} cannot be \"{value}\".");
            default:
                throw new StoreUnusableException(
                    $"The mail store {options}: the parameter {name} is not known; sslmode, sslrootcert, sslcert, sslkey and connect_timeout are.");
        }
    }
}
