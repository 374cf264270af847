using FsCheck;
using FsCheck.Fluent;
using Vsmtp.Configuration.Reading;

namespace Vsmtp.Configuration.Tests;

public sealed class HumanDurationTests
{
    [Theory]
    [InlineData("5m", 300_000)]
    [InlineData("1m 30s", 90_000)]
    [InlineData("1m30s", 90_000)]
    [InlineData("500ms", 500)]
    [InlineData("2 hours 5 min", 7_500_000)]
    [InlineData("  1 day  ", 86_400_000)]
    [InlineData("1w", 604_800_000)]
    [InlineData("0s", 0)]
    [InlineData("90 seconds", 90_000)]
    public void A_duration_is_numbers_with_units(string text, long milliseconds)
    {
        Assert.True(HumanDuration.TryParse(text, out var duration));
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), duration);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("5")]
    [InlineData("m")]
    [InlineData("5 5s")]
    [InlineData("-5s")]
    [InlineData("1.5s")]
    [InlineData("5M")]
    [InlineData("5 fortnights")]
    [InlineData("5m,")]
    [InlineData("99999999999999999999s")]
    [InlineData("99999999999999d")]
    [InlineData("10675199d 10675199d")]
    public void Anything_else_is_none(string text) => Assert.False(HumanDuration.TryParse(text, out _));

    [Fact]
    public void What_is_written_reads_back()
    {
        Prop.ForAll(
            ArbMap.Default.ArbFor<NonNegativeInt>(),
            ArbMap.Default.ArbFor<NonNegativeInt>(),
            (a, b) =>
            {
                var duration = TimeSpan.FromMicroseconds((double)a.Get * 977 * (b.Get + 1));
                return HumanDuration.TryParse(HumanDuration.Format(duration), out var read) && read == duration;
            }).QuickCheckThrowOnFailure();
        Assert.Equal("1d 2h 3m 4s 5ms 6us", HumanDuration.Format(new TimeSpan(1, 2, 3, 4, 5, 6)));
        Assert.Equal("0s", HumanDuration.Format(TimeSpan.Zero));
    }
}
