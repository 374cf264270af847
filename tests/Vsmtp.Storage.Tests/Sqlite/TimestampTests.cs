using Vsmtp.Storage.Sqlite;

namespace Vsmtp.Storage.Tests.Sqlite;

public sealed class TimestampTests
{
    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(1, 0, 1)]
    [InlineData(10, 1, 1)]
    [InlineData(19, 1, 2)]
    [InlineData(-1, -1, 0)]
    [InlineData(-10, -1, -1)]
    [InlineData(-11, -2, -1)]
    public void Ticks_are_rounded_down_and_up_to_microseconds(long ticks, long floor, long ceiling)
    {
        var time = DateTimeOffset.UnixEpoch.AddTicks(ticks);

        Assert.Equal(floor, Timestamp.Floor(time));
        Assert.Equal(ceiling, Timestamp.Ceiling(time));
    }

    [Fact]
    public void A_time_is_the_same_in_any_zone_and_comes_back()
    {
        var time = new DateTimeOffset(2026, 11, 22, 12, 0, 0, 123, 456, TimeSpan.FromHours(2));

        Assert.Equal(time, Timestamp.Read(Timestamp.Floor(time)));
        Assert.Equal(TimeSpan.Zero, Timestamp.Read(Timestamp.Floor(time)).Offset);
    }
}
