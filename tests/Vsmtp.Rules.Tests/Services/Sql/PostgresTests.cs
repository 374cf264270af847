using Npgsql;
using Vsmtp.Storage.Tests.Postgres;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Tests.Services.Sql;

/// <summary>Services of kind <c>db:postgres</c>, against a real server.</summary>
public sealed class PostgresTests(PostgresTests.Server server) : SqlContract, IClassFixture<PostgresTests.Server>, IDisposable
{
    private readonly string _passwordFile = Path.GetTempFileName();
    private string? _database;

    public void Dispose() => File.Delete(_passwordFile);

    private protected override async Task<ServiceSite> SiteAsync(string options = "", Site? site = null)
    {
        _database ??= await MakeDatabaseAsync();
        await File.WriteAllTextAsync(_passwordFile, PostgresServer.Password + "\n", Site.Token);
        return Of($"password_file: \"{_passwordFile}\"{(options.Length > 0 ? ", " + options : "")}", site);
    }

    [Theory]
    [InlineData("select true as x", "true")]
    [InlineData("select 1::smallint as x", "1")]
    [InlineData("select 9223372036854775807 as x", "9223372036854775807")]
    [InlineData("select sum(size) as x from box", "3")]
    [InlineData("select avg(size) as x from box", "1.5")]
    [InlineData("select 'Infinity'::float8 > 0 as x", "true")]
    [InlineData("select '192.0.2.1'::inet as x", "\"192.0.2.1\"")]
    [InlineData("select array[1,2] as x", "\"{1,2}\"")]
    [InlineData("select '{\"a\": 1}'::jsonb as x", "\"{\\\"a\\\": 1}\"")]
    [InlineData("select '2026-03-04'::date as x", "\"2026-03-04\"")]
    public async Task Types_of_PostgreSQL_become_values(string statement, string value) =>
        Assert.Equal(value, await (await SiteAsync()).EvalAsync($"s::it.query(`{statement}`)[0].x"));

    [Theory]
    [InlineData("s::it.query(\"select $1::inet <<= '192.0.2.0/24'::inet as x\", [client_ip()])[0].x", "true")]
    [InlineData("s::it.query(\"select $1 as x\", [\"text\"])[0].x", "\"text\"")]
    [InlineData("s::it.query(\"select $1 as x\", [5])[0].x", "5")]
    [InlineData("s::it.query(\"select $1 as x\", [0.25])[0].x", "0.25")]
    [InlineData("s::it.query(\"select $1 as x\", [true])[0].x", "true")]
    [InlineData("s::it.query(\"select coalesce($1, 'none') as x\", [()])[0].x", "\"none\"")]
    [InlineData("s::it.query(\"select name as x from box where size = $1\", [\"2\"])[0].x", "\"b\"")]
    [InlineData("s::it.query(\"select lower($1) as x\", [mail_from()])[0].x", "\"john.doe@example.com\"")]
    public async Task Values_fit_the_types_that_a_statement_wants(string expression, string value) =>
        Assert.Equal(value, await (await SiteAsync()).EvalAsync(expression));

    [Fact]
    public async Task A_text_has_one_statement() => Assert.Equal(
        "error: service `it`: 42601: cannot insert multiple commands into a prepared statement", await (await SiteAsync()).EvalAsync("s::it.query(\"select 1; select 2\")"));

    [Fact]
    public async Task A_fault_has_its_code() => Assert.Equal(
        "error: service `it`: 42P01: relation \"nobody\" does not exist", await (await SiteAsync()).EvalAsync("s::it.query(\"select * from nobody\")"));

    [Fact]
    public async Task The_password_comes_from_the_environment_too()
    {
        _ = await SiteAsync();
        Environment.SetEnvironmentVariable("VSMTP_TEST_PASSWORD", PostgresServer.Password);

        Assert.Equal("[#{\"x\": 1}]", await Of("password_env: \"VSMTP_TEST_PASSWORD\"").EvalAsync("s::it.query(\"select 1 as x\")"));
        Assert.Contains("the server's environment has no `VSMTP_TEST_NOTHING`", await Of("password_env: \"VSMTP_TEST_NOTHING\"").EvalAsync("s::it.query(\"select 1\")"), StringComparison.Ordinal);
        Assert.Contains("`password_file`: ", await Of("password_file: \"/no/such/file\"").EvalAsync("s::it.query(\"select 1\")"), StringComparison.Ordinal);
        Assert.Contains("password", await Of("").EvalAsync("s::it.query(\"select 1\")"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("url: \"postgres://mta:hunter2@127.0.0.1/db\"")]
    [InlineData("url: \"postgres://mta@127.0.0.1/db\", password: \"hunter2\"")]
    [InlineData("url: \"postgres://mta@127.0.0.1/db?password=hunter2\"")]
    [InlineData("url: \"mysql://mta:hunter2@127.0.0.1/db\"")]
    [InlineData("url: \"postgres://mta:hunter2@127.0.0.1/db\", conections: 5")]
    public async Task A_password_in_the_rules_is_refused_and_never_shown(string options)
    {
        var result = await new Site().LoadAsync($"service it db:postgres = #{{ {options} }};\n#{{}}");

        var text = new DiagnosticRenderer(result.Files).Render(result.Diagnostics);
        Assert.Null(result.Set);
        Assert.Contains("main.vsl:1:1: ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_an_error()
    {
        var it = new ServiceSite("db:postgres = #{ url: \"postgres://mta@127.0.0.1:1/db\" }");

        Assert.StartsWith("error: service `it`: Failed to connect to 127.0.0.1:1", await it.EvalAsync("s::it.query(\"select 1\")"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_replaced_rule_set_keeps_no_connection_and_still_works()
    {
        var site = await SiteAsync();
        var (before, after) = (await site.LoadAsync("s::it.query(\"select 5 as x\")[0].x"), await site.LoadAsync("1"));
        var catalog = new RuleSetCatalog(before, new RuleSetOptions { ServerDomain = "testserver.com" }, new NoArchive());
        Assert.Equal("5", await site.RunAsync(before));
        Assert.Equal(1, await CountAsync());

        catalog.Replace(after);

        // The server sees the end of a connection a moment after it is closed.
        while (await CountAsync() > 0) await Task.Delay(10, Site.Token);
        Assert.Equal("5", await site.RunAsync(before));
        while (await CountAsync() > 0) await Task.Delay(10, Site.Token);
    }

    private async Task<long> CountAsync()
    {
        await using var connection = new NpgsqlConnection(server.Postgres.ConnectionString(_database!));
        await connection.OpenAsync(Site.Token);
        await using var command = new NpgsqlCommand("select count(*) from pg_stat_activity where datname = current_database() and application_name = 'vsmtp rules'", connection);
        return (long)(await command.ExecuteScalarAsync(Site.Token))!;
    }

    private ServiceSite Of(string options, Site? site = null) =>
        new($"db:postgres = #{{ url: \"postgres://{PostgresServer.User}@127.0.0.1:{server.Postgres.Port}/{_database}\"{(options.Length > 0 ? ", " + options : "")} }}", site);

    private async Task<string> MakeDatabaseAsync()
    {
        var name = await server.Postgres.TakeDatabaseAsync();
        await server.Postgres.RunAsync(name, """
            create table box (name text primary key, size integer, note text, data bytea);
            insert into box values ('a', 1, 'ünï '' " code', '\xffffff'), ('b', 2, null, null)
            """);
        return name;
    }

    /// <summary>One server for all tests of the class.</summary>
    public sealed class Server : IAsyncLifetime
    {
        public PostgresServer Postgres { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Postgres = await PostgresServer.StartNewAsync();

        public async ValueTask DisposeAsync()
        {
            if (Postgres is not null) await Postgres.DisposeAsync();
        }
    }
}
