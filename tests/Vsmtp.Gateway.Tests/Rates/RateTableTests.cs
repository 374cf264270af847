using System.Net;
using Vsmtp.Gateway.Rates;
using Vsmtp.Smtp.Tests.Support;

namespace Vsmtp.Gateway.Tests.Rates;

/// <summary>So many in so long, of each place.</summary>
public sealed class RateTableTests
{
    private static readonly IPAddress One = IPAddress.Parse("192.0.2.1");
    private static readonly IPAddress Other = IPAddress.Parse("192.0.2.2");

    private readonly ManualTime _time = new();

    [Fact]
    public void So_many_come_at_once_and_then_one_whenever_its_share_of_the_time_is_over()
    {
        var table = new RateTable(6, TimeSpan.FromMinutes(1), _time);
        for (var i = 0; i < 6; i++) Assert.True(table.TryTake(One));
        Assert.False(table.TryTake(One));
        Assert.True(table.TryTake(Other));
        for (var i = 0; i < 10; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(9));
            Assert.False(table.TryTake(One));
            _time.Advance(TimeSpan.FromSeconds(1));
            Assert.True(table.TryTake(One));
        }
    }

    [Fact]
    public void Whatever_the_pattern_no_more_come_in_any_time_than_a_bucket_and_what_flows_in()
    {
        var random = new Random(5);
        var table = new RateTable(20, TimeSpan.FromSeconds(10), _time);
        var taken = 0;
        var elapsed = TimeSpan.Zero;
        for (var i = 0; i < 5000; i++)
        {
            if (table.TryTake(One)) taken++;
            var step = TimeSpan.FromMilliseconds(random.Next(0, 300));
            _time.Advance(step);
            elapsed += step;
            Assert.True(taken <= 20 + (2 * elapsed.TotalSeconds) + 1e-6, $"{taken} in {elapsed}");
        }

        Assert.True(taken >= 2 * elapsed.TotalSeconds * 0.99, $"{taken} in {elapsed}");
    }

    [Fact]
    public void It_keeps_no_more_places_than_it_may_and_forgets_those_that_are_quiet()
    {
        var table = new RateTable(1, TimeSpan.FromMinutes(1), _time, most: 100);
        for (var i = 0; i < 1000; i++) Assert.True(table.TryTake(new IPAddress(i)));
        Assert.Equal(100, table.Places);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.True(table.TryTake(One));
        Assert.Equal(1, table.Places);
    }

    [Theory]
    [InlineData("192.0.2.77", "192.0.2.77", "192.0.2.0")]
    [InlineData("::ffff:192.0.2.77", "192.0.2.77", "192.0.2.0")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::", "2001:db8:1::")]
    public void A_client_is_an_address_of_IPv4_or_a_subnet_of_IPv6(string address, string client, string network)
    {
        Assert.Equal(IPAddress.Parse(client), ClientPlace.Of(IPAddress.Parse(address)));
        Assert.Equal(IPAddress.Parse(network), ClientPlace.NetworkOf(IPAddress.Parse(address)));
    }
}
