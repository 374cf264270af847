using System.Net;
using Vsmtp.Gateway.Authentication;
using Vsmtp.Smtp.Tests.Support;

namespace Vsmtp.Gateway.Tests.Authentication;

public sealed class FailurePaceTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void Each_failure_costs_more_than_the_last_up_to_a_bound()
    {
        var pace = new FailurePace(_time);
        Assert.Equal([500, 1000, 2000, 4000, 8000, 16000, 20000, 20000], Enumerable.Range(0, 8).Select(_ => Pause(pace, "192.0.2.1")));
        Assert.Equal(500, Pause(pace, "192.0.2.2"));
        for (var i = 0; i < 1000; i++) Assert.Equal(20000, Pause(pace, "192.0.2.1"));
    }

    [Fact]
    public void An_address_in_IPv6_clothes_is_the_same_and_so_is_the_network_of_one_client()
    {
        var pace = new FailurePace(_time);
        Assert.Equal(500, Pause(pace, "192.0.2.1"));
        Assert.Equal(1000, Pause(pace, "::ffff:192.0.2.1"));
        Assert.Equal(500, Pause(pace, "2001:db8:0:1::1"));
        Assert.Equal(1000, Pause(pace, "2001:db8:0:1:ffff::"));
        Assert.Equal(500, Pause(pace, "2001:db8:0:2::1"));
    }

    [Fact]
    public void It_forgets_when_nothing_has_come_for_a_while()
    {
        var pace = new FailurePace(_time);
        Pause(pace, "192.0.2.1");
        _time.Advance(TimeSpan.FromMinutes(14));
        Assert.Equal(1000, Pause(pace, "192.0.2.1"));
        _time.Advance(TimeSpan.FromMinutes(14));
        Assert.Equal(2000, Pause(pace, "192.0.2.1"));
        _time.Advance(TimeSpan.FromMinutes(15));
        Assert.Equal(500, Pause(pace, "192.0.2.2"));
        Assert.Equal(1, pace.Count);
        Assert.Equal(500, Pause(pace, "192.0.2.1"));
    }

    [Fact]
    public void It_keeps_so_many_and_no_more()
    {
        var pace = new FailurePace(_time, most: 3);
        for (var i = 1; i <= 3; i++) Pause(pace, $"192.0.2.{i}");
        Pause(pace, "192.0.2.1");
        Assert.Equal(500, Pause(pace, "192.0.2.4"));
        Assert.Equal(3, pace.Count);
        Assert.Equal(2000, Pause(pace, "192.0.2.1"));
        Assert.Equal(500, Pause(pace, "192.0.2.2"));
    }

    private static double Pause(FailurePace pace, string client) => pace.Fail(IPAddress.Parse(client)).TotalMilliseconds;
}
