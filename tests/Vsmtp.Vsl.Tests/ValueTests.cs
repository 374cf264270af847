using System.Text;

namespace Vsmtp.Vsl.Tests;

public sealed class ValueTests
{
    [Fact]
    public void Maps_are_ordered_by_code_point()
    {
        var map = new VslMap([new("😀", 1), new("\uFF5E", 2), new("b", 3), new("B", 4), new("", 5), new("ba", 6)]);
        Assert.Equal(["", "B", "b", "ba", "\uFF5E", "😀"], map.Keys);
    }

    [Fact]
    public void Accessor_of_another_kind_throws() => Assert.Throws<InvalidOperationException>(() => Value.From(1).AsString());

    [Fact]
    public void Numbers_equal_across_kinds_and_hash_alike()
    {
        Assert.Equal(Value.From(2), Value.From(2.0));
        Assert.Equal(Value.From(2).GetHashCode(), Value.From(2.0).GetHashCode());
        Assert.Equal(Value.From(new Rune('a')), Value.From("a"));
        Assert.Equal(Value.From(new Rune('a')).GetHashCode(), Value.From("a").GetHashCode());
        Assert.NotEqual(Value.From(double.NaN), Value.From(double.NaN));
    }

    [Theory]
    [InlineData(0.1, "0.1")]
    [InlineData(1.0, "1.0")]
    [InlineData(-0.0, "-0.0")]
    [InlineData(1e15, "1000000000000000.0")]
    [InlineData(1e300, "1e300")]
    [InlineData(1.5e-10, "1.5e-10")]
    [InlineData(double.PositiveInfinity, "inf")]
    [InlineData(double.NaN, "NaN")]
    public void Floats_print_as_they_read(double number, string expected) => Assert.Equal(expected, Value.From(number).ToText());

    [Theory]
    [InlineData(0, 5, false, 1, "0 1 2 3 4")]
    [InlineData(0, 5, true, 2, "0 2 4")]
    [InlineData(0, 4, true, 2, "0 2 4")]
    [InlineData(5, 0, false, -2, "5 3 1")]
    [InlineData(5, 0, false, 1, "")]
    [InlineData(3, 3, true, 1, "3")]
    [InlineData(long.MaxValue - 1, long.MaxValue, true, 1, "9223372036854775806 9223372036854775807")]
    public void Ranges_enumerate_what_they_contain(long start, long end, bool inclusive, long step, string expected)
    {
        var range = new VslRange(start, end, inclusive, step);
        var items = range.Items.ToList();
        Assert.Equal(expected, string.Join(' ', items.Select(i => i.ToText())));
        Assert.All(items, i => Assert.True(range.Contains(i.AsInteger())));
    }
}
