using Vsmtp.Rules.Services.Sql;

namespace Vsmtp.Rules.Tests.Services.Sql;

public sealed class PostgresTextTests
{
    [Theory]
    [InlineData("select 1", 0)]
    [InlineData("select $1, $12, $3", 12)]
    [InlineData("select x$1 from a$2b", 0)]
    [InlineData("select'$1'||$2", 2)]
    [InlineData("select 'it''s $1', $2", 2)]
    [InlineData("select E'it\\'s $1', $2", 2)]
    [InlineData("select 'back\\', $1", 1)]
    [InlineData("select name'$9\\', $1", 1)]
    [InlineData("select \"$1\", $2", 2)]
    [InlineData("select $$ $1 ' $$, $2", 2)]
    [InlineData("select $tag$ $1 $$ $2 $tag$, $3", 3)]
    [InlineData("select $1 -- $2\n, $3", 3)]
    [InlineData("select /* $2 /* $3 */ $4 */ $1", 1)]
    [InlineData("select $1::int", 1)]
    [InlineData("select 5-$1", 1)]
    [InlineData("select '$1", 0)]
    [InlineData("select $tag$ $1", 0)]
    [InlineData("select $99999999999", int.MaxValue)]
    public void Parameters_are_counted_where_they_are_parameters(string text, int highest) => Assert.Equal(highest, PostgresText.HighestParameter(text));
}
