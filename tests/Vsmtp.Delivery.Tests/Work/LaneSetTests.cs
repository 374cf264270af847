using Vsmtp.Delivery.Work;
using Vsmtp.Smtp.Client;

namespace Vsmtp.Delivery.Tests.Work;

public sealed class LaneSetTests
{
    private static LaneSet<int, PoolLane> Lanes() => new(port => new PoolLane(
        new SmtpConnectionPool(new SmtpDestination("127.0.0.1", port), new SmtpClientOptions { HeloName = "x" }, TimeProvider.System), new FixedTurns(1)));

    [Fact]
    public async Task One_key_has_one_lane_while_somebody_uses_it()
    {
        await using var lanes = Lanes();
        var first = lanes.TryRent(1, 10);
        Assert.Same(first, lanes.TryRent(1, 10));
        Assert.NotSame(first, lanes.TryRent(2, 10));
        Assert.Equal(2, lanes.Count);
    }

    [Fact]
    public async Task A_lane_takes_so_many_users()
    {
        await using var lanes = Lanes();
        var lane = lanes.TryRent(1, 2);
        Assert.NotNull(lane);
        Assert.NotNull(lanes.TryRent(1, 2));
        Assert.Null(lanes.TryRent(1, 2));
        lanes.Leave(lane);
        Assert.NotNull(lanes.TryRent(1, 2));
    }

    [Fact]
    public async Task Lanes_that_nobody_uses_do_not_pile_up()
    {
        await using var lanes = Lanes();
        for (var port = 1; port <= 1000; port++) lanes.Leave(lanes.TryRent(port, 10)!);
        Assert.Equal(1, lanes.Count);
    }

    [Fact]
    public async Task A_lane_lets_one_at_a_time_through_in_the_order_they_came()
    {
        await using var lanes = Lanes();
        var lane = lanes.TryRent(1, 10)!;
        var first = await lane.EnterAsync(TestContext.Current.CancellationToken);
        var second = lane.EnterAsync(TestContext.Current.CancellationToken);
        var third = lane.EnterAsync(TestContext.Current.CancellationToken);
        Assert.False(second.IsCompleted);
        first.Dispose();
        first.Dispose();
        (await second).Dispose();
        (await third).Dispose();
    }
}
