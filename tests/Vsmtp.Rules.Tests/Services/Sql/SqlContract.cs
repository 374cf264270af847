namespace Vsmtp.Rules.Tests.Services.Sql;

/// <summary>What rules may count on with every SQL database.</summary>
public abstract class SqlContract
{
    private protected abstract Task<ServiceSite> SiteAsync(string options = "", Site? site = null);

    [Theory]
    [InlineData("s::it.query(\"select name, size from box order by name\")", "[#{\"name\": \"a\", \"size\": 1}, #{\"name\": \"b\", \"size\": 2}]")]
    [InlineData("s::it.query(\"select name from box where size = $1\", [2])", "[#{\"name\": \"b\"}]")]
    [InlineData("s::it.query(\"select name from box where size = $2 or name = $1\", [\"a\", 2]).len()", "2")]
    [InlineData("s::it.query(\"select name from box where name = $1 or name = $1\", [\"a\"]).len()", "1")]
    [InlineData("s::it.query(\"select name from box where name = $1\", [\"' or 1 = 1 --\"])", "[]")]
    [InlineData("s::it.query(\"select count(*) as n from box\")[0].n", "2")]
    [InlineData("s::it.query(\"select 0.5 as x\")[0].x", "0.5")]
    [InlineData("s::it.query(\"select null as x\")[0].x", "()")]
    [InlineData("s::it.query(\"select note from box where name = 'a'\")[0].note", "\"ünï ' \\\" code\"")]
    [InlineData("s::it.query(\"select data from box where name = 'a'\")[0].data.len()", "3")]
    [InlineData("type_of(s::it.query(\"select data from box where name = 'a'\")[0].data)", "\"blob\"")]
    [InlineData("s::it.query(\"select name from box where name = $1\", [mail_from().local_part]).len()", "0")]
    [InlineData("s::it.execute(\"update box set size = size + $1\", [10])", "2")]
    [InlineData("s::it.execute(\"delete from box where name = $1\", [\"nobody\"])", "0")]
    [InlineData("s::it.execute(\"insert into box (name, size, note, data) values ($1, $2, $3, $4)\", [\"c\", (), \"\", blob(2, 7)]); s::it.query(\"select * from box where name = 'c'\")[0].size", "()")]
    [InlineData("s::it.query(\"insert into box (name, size) values ('d', 4) returning size\")", "[#{\"size\": 4}]")]
    [InlineData("s::it.execute(\"create table other (x integer)\")", "0")]
    [InlineData("sys::query(s::it, \"select 1 as x\")", "[#{\"x\": 1}]")]
    public async Task A_statement_gives_rows_or_a_count(string expression, string result) =>
        Assert.Equal(result, await (await SiteAsync()).EvalAsync(expression));

    [Theory]
    [InlineData("s::it.query(\"select nothing from box\")", "nothing")]
    [InlineData("s::it.query(\"selekt 1\")", "syntax error")]
    [InlineData("s::it.query(\"select name from nobody\")", "nobody")]
    [InlineData("s::it.execute(\"insert into box (name) values ('a')\")", "box")]
    [InlineData("s::it.query(\"select 1; delete from box\")", "")]
    [InlineData("s::it.query(\"select $1\", [])", "the statement takes 1 values, and 0 are given")]
    [InlineData("s::it.query(\"select $1\")", "the statement takes 1 values, and 0 are given")]
    [InlineData("s::it.query(\"select $2\", [5])", "the statement takes 2 values, and 1 are given")]
    [InlineData("s::it.query(\"select '$1' as \\\"$2\\\" -- $3\\n /* $4 */\", [5])", "the statement takes 0 values, and 1 are given")]
    [InlineData("s::it.query(\"select 1\", [5])", "the statement takes 0 values, and 1 are given")]
    [InlineData("s::it.query(\"select $1\", [[1]])", "a parameter cannot be a value of type array")]
    [InlineData("s::it.query(\"select $1\", 1)", "the values of a statement must be an array, not a value of type i64")]
    [InlineData("s::it.get(\"x\")", "`get` needs a service of kind db:csv")]
    public async Task What_fails_is_an_error_with_the_databases_words(string expression, string words)
    {
        var result = await (await SiteAsync()).EvalAsync(expression);

        Assert.StartsWith("error: ", result, StringComparison.Ordinal);
        Assert.Contains(words, result, StringComparison.Ordinal);
        Assert.Equal("2", await (await SiteAsync()).EvalAsync("s::it.query(\"select * from box\").len()"));
    }

    [Fact]
    public async Task A_statement_that_failed_can_be_caught_and_the_next_one_runs() => Assert.Equal(
        "2", await (await SiteAsync("connections: 1")).EvalAsync("try { s::it.query(\"select x from y\"); } catch { } s::it.query(\"select * from box\").len()"));

    [Fact]
    public async Task Too_many_rows_are_an_error()
    {
        const string Count = "with recursive n(i) as (select 1 union all select i + 1 from n where i < 20000) select i from n";
        Assert.Equal("error: service `it`: the answer has more than 10000 rows", await (await SiteAsync()).EvalAsync($"s::it.query(\"{Count}\")"));
        Assert.Equal("10000", await (await SiteAsync()).EvalAsync($"s::it.query(\"{Count} limit 10000\").len()"));
    }

    [Fact]
    public async Task Rows_count_against_the_memory_of_the_run()
    {
        var site = new Site { Limits = Vsmtp.Vsl.BudgetLimits.Default with { MaxAllocatedBytes = 100_000 } };
        const string Count = "with recursive n(i) as (select 1 union all select i + 1 from n where i < 5000) select i from n";

        Assert.Equal("error: Script needs too much memory: more than 100000 bytes", await (await SiteAsync(site: site)).EvalAsync($"try {{ s::it.query(\"{Count}\") }} catch {{ 0 }}"));
    }

    [Fact]
    public async Task A_statement_that_takes_too_long_is_stopped()
    {
        const string Endless = "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n where i < 0";
        Assert.Equal("error: service `it`: the database gave no answer within 0.3 s", await (await SiteAsync("timeout: \"300ms\"")).EvalAsync($"s::it.query(\"{Endless}\")"));
    }

    [Fact]
    public async Task A_cancelled_run_stops_its_statement()
    {
        const string Endless = "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n where i < 0";
        var site = new Site();
        var set = await (await SiteAsync(site: site)).LoadAsync($"log(\"info\", \"begins\"); s::it.query(\"{Endless}\")");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Site.Token);
        var run = site.Engine.RunAsync(set, Stage.Postq, Site.Transaction(), stop.Token).AsTask();

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
    }

    [Fact]
    public async Task Many_runs_share_a_few_connections()
    {
        var site = await SiteAsync("connections: 2");
        var set = await site.LoadAsync("s::it.execute(\"update box set size = size + 1 where name = $1\", [\"a\"])");

        var results = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(() => site.RunAsync(set))));

        Assert.All(results, result => Assert.Equal("1", result));
        Assert.Equal("101", await site.EvalAsync("s::it.query(\"select size from box where name = 'a'\")[0].size"));
    }

    private protected sealed class NoArchive : IRuleSetArchive
    {
        public Task<ArchivedRuleSet?> FindAsync(string hash, CancellationToken cancellationToken) => Task.FromResult<ArchivedRuleSet?>(null);
    }
}
