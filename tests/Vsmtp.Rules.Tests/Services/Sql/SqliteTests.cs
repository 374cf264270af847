using System.Diagnostics;
using System.Runtime.Versioning;

namespace Vsmtp.Rules.Tests.Services.Sql;

/// <summary>Services of kind <c>db:sqlite</c>.</summary>
[SupportedOSPlatform("linux")]
public sealed class SqliteTests : SqlContract, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vsmtp-sqlite-");
    private readonly string _path;

    public SqliteTests() => _path = Path.Combine(_folder.FullName, "rules.db");

    public void Dispose() => _folder.Delete(recursive: true);

    private protected override async Task<ServiceSite> SiteAsync(string options = "", Site? site = null)
    {
        if (!File.Exists(_path)) await FillAsync(_path);
        return Of(options, site: site);
    }

    [Theory]
    [InlineData("s::it.query(\"select ? as x\", [1])", "parameters are written $1, $2 and so on, not ?")]
    [InlineData("s::it.query(\"select :name as x\", [1])", "parameters are written $1, $2 and so on, not :name")]
    [InlineData("s::it.query(\"select 1; delete from box\")", "a text has one statement")]
    [InlineData("s::it.query(\"\")", "there is no statement in the text")]
    [InlineData("s::it.query(\"begin\")", "each statement is a transaction of its own")]
    [InlineData("s::it.query(\"attach database '/tmp/x.db' as x\")", "too many attached databases")]
    public async Task What_SQLite_does_not_refuse_is_refused_all_the_same(string expression, string words) =>
        Assert.Contains(words, await (await SiteAsync()).EvalAsync(expression), StringComparison.Ordinal);

    [Fact]
    public async Task A_database_may_be_read_only()
    {
        await FillAsync(_path);
        Assert.Equal("2", await Of("access: \"O_RDONLY\"").EvalAsync("s::it.query(\"select * from box\").len()"));
        Assert.Equal("error: service `it`: attempt to write a readonly database", await Of("access: \"O_RDONLY\"").EvalAsync("s::it.execute(\"delete from box\")"));
    }

    [Fact]
    public async Task Another_file_in_its_place_is_read()
    {
        var site = await SiteAsync();
        var set = await site.LoadAsync("s::it.query(\"select * from box\").len()");
        Assert.Equal("2", await site.RunAsync(set));
        await FillAsync(_path + ".next", "insert into box (name) values ('third')");
        File.Move(_path + ".next", _path, overwrite: true);

        Assert.Equal("3", await site.RunAsync(set));
    }

    [Fact]
    public async Task The_store_of_the_mails_is_refused_by_any_name()
    {
        await FillAsync(_path);
        var link = Path.Combine(_folder.FullName, "link.db");
        File.CreateSymbolicLink(link, _path);
        var hard = Path.Combine(_folder.FullName, "hard.db");
        using (var ln = Process.Start("ln", [_path, hard])) await ln.WaitForExitAsync(Site.Token);
        var site = new Site { Options = new RuleSetOptions { ServerDomain = "testserver.com", StoreFile = _path } };
        foreach (var path in (string[])[_path, link, hard, $"{_folder.FullName}/./rules.db", $"{_path}-wal"])
        {
            var errors = await site.FindAsync(Vsmtp.Vsl.DiagnosticSeverity.Error, $"service it db:sqlite = #{{ connector: \"{path}\" }};\n#{{}}");
            Assert.Equal($"main.vsl:1:1: error: `connector` of service `it`: `{path}` is the store of this server's mails, which rules cannot use", Assert.Single(errors));
        }
    }

    [Fact]
    public async Task A_file_that_becomes_the_store_later_is_not_opened()
    {
        await FillAsync(_path);
        var link = Path.Combine(_folder.FullName, "link.db");
        var site = new Site { Options = new RuleSetOptions { ServerDomain = "testserver.com", StoreFile = _path } };
        var it = new ServiceSite($"db:sqlite = #{{ connector: \"{link}\" }}", site);
        var set = await it.LoadAsync("s::it.query(\"select 1\")");
        File.CreateSymbolicLink(link, _path);

        Assert.Equal($"error: service `it`: `{link}` is the store of this server's mails", await it.RunAsync(set));
    }

    [Fact]
    public async Task A_replaced_rule_set_keeps_no_file_open_and_still_works()
    {
        var site = await SiteAsync();
        var (before, after) = (await site.LoadAsync("s::it.query(\"select * from box\").len()"), await site.LoadAsync("1"));
        var catalog = new RuleSetCatalog(before, new RuleSetOptions { ServerDomain = "testserver.com" }, new NoArchive());
        var others = CountOpen();
        Assert.Equal("2", await site.RunAsync(before));
        Assert.Equal(others + 1, CountOpen());

        catalog.Replace(after);

        Assert.Equal(others, CountOpen());
        Assert.Equal("2", await site.RunAsync(before));
        Assert.Equal(others, CountOpen());
    }

    private int CountOpen() => new DirectoryInfo("/proc/self/fd").GetFiles().Count(file => file.LinkTarget == _path);

    private ServiceSite Of(string options, string? path = null, Site? site = null) =>
        new($"db:sqlite = #{{ connector: \"{path ?? _path}\"{(options.Length > 0 ? ", " + options : "")} }}", site);

    private async Task FillAsync(string path, string more = "select 1")
    {
        await File.WriteAllBytesAsync(path, [], Site.Token);
        Assert.Equal("2", await Of("", path).EvalAsync(
            $$"""
            s::it.execute("create table box (name text primary key, size integer, note text, data blob)");
            s::it.execute("insert into box values ('a', 1, $1, $2)", ["ünï ' \" code", blob(3, 255)]);
            s::it.execute("insert into box values ('b', 2, null, null)");
            s::it.query("{{more}}");
            2
            """));
    }
}
