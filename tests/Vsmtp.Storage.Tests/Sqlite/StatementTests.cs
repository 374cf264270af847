using Vsmtp.Storage.Sqlite;

namespace Vsmtp.Storage.Tests.Sqlite;

public sealed class StatementTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SqliteSession _session;

    public StatementTests()
    {
        var file = new SqliteFile(_folder.File("test.db"));
        file.Create();
        _session = file.OpenWriter();
    }

    public void Dispose()
    {
        _session.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a\0b")]
    [InlineData("\0")]
    public void Text_comes_back_as_it_went_in(string? text)
    {
        using var row = _session.Use("SELECT ?").With(text);
        Assert.True(row.Step());
        Assert.Equal(text, row.TextOrNull(0));
    }

    [Fact]
    public void An_empty_blob_is_not_null()
    {
        using var row = _session.Use("SELECT ?, ?").WithBlob([]).With((long?)null);
        Assert.True(row.Step());
        Assert.False(row.IsNull(0));
        Assert.True(row.Bytes(0).IsEmpty);
        Assert.Null(row.NumberOrNull(1));
    }

    [Fact]
    public void A_statement_is_prepared_once_and_not_used_twice_at_a_time()
    {
        const string sql = "SELECT 1";
        var first = _session.Use(sql);
        Assert.Throws<InvalidOperationException>(() => _session.Use(sql));
        first.Dispose();

        Assert.Same(first, _session.Use(sql));
    }

    [Fact]
    public void A_use_leaves_nothing_to_the_next()
    {
        _session.Use("SELECT ?1, ?2").With("one").With("two").Run();

        using var row = _session.Use("SELECT ?1, ?2").With("three");
        Assert.True(row.Step());
        Assert.Equal("three", row.Text(0));
        Assert.True(row.IsNull(1));
    }
}
