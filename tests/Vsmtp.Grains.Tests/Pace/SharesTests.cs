using Vsmtp.Contracts.Pace;
using Vsmtp.Grains.Pace;
using Vsmtp.Smtp.Tests.Support;

namespace Vsmtp.Grains.Tests.Pace;

/// <summary>Who gets how much of a pace.</summary>
public sealed class SharesTests
{
    private static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(5);

    private readonly ManualTime _time = new();
    private readonly Shares _shares;

    public SharesTests() => _shares = new Shares(LeaseTime, _time);

    [Fact]
    public void All_get_what_they_want_where_there_is_enough()
    {
        Assert.Equal(3, Ask("a", 3, 0, limit: 8));
        Assert.Equal(5, Ask("b", 5, 0, limit: 8));
        Assert.Equal(0, Ask("c", 1, 0, limit: 8));             // what is out comes back as they ask again
        Assert.Equal(3, Ask("a", 3, 3, limit: 8));
        Assert.Equal(4, Ask("b", 5, 4, limit: 8));
        Assert.Equal(1, Ask("c", 1, 0, limit: 8));
    }

    [Fact]
    public void A_single_place_goes_round()
    {
        var holders = new[] { "a", "b", "c" };
        var had = new Dictionary<string, int> { ["a"] = 0, ["b"] = 0, ["c"] = 0 };
        for (var round = 0; round < 60; round++)
        {
            var wanted = new Dictionary<string, int> { ["a"] = 1, ["b"] = 8, ["c"] = 3 };
            foreach (var holder in holders) had[holder] += Ask(holder, wanted[holder], 0, limit: 1);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.All(had.Values, turns => Assert.InRange(turns, 10, 40));
    }

    [Fact]
    public void Who_does_not_ask_again_has_lost_his_share_and_who_wants_nothing_gives_it_back()
    {
        Assert.Equal(4, Ask("dead", 4, 0, limit: 4));
        Assert.Equal(0, Ask("b", 4, 0, limit: 4));
        _time.Advance(LeaseTime);
        Assert.Equal(4, Ask("b", 4, 0, limit: 4));
        Assert.Equal(0, Ask("b", 0, 0, limit: 4));
        Assert.False(_shares.AreOut);
        Assert.Equal(4, Ask("c", 4, 0, limit: 4));
    }

    [Fact]
    public void What_is_under_way_is_counted_though_it_is_more_than_the_share()
    {
        Assert.Equal(8, Ask("a", 8, 0, limit: 8));
        Assert.Equal(2, Ask("a", 8, 8, limit: 2));             // the destination had enough
        Assert.Equal(0, Ask("b", 1, 0, limit: 2));
        Assert.Equal(1, Ask("a", 8, 2, limit: 2));
        Assert.Equal(0, Ask("b", 1, 0, limit: 2));             // two are still under way there
        Assert.Equal(1, Ask("a", 8, 1, limit: 2));
        Assert.Equal(1, Ask("b", 1, 0, limit: 2));
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void Whatever_they_want_no_more_are_under_way_than_may_and_after_two_rounds_it_is_fair(int seed)
    {
        var random = new Random(seed);
        for (var trial = 0; trial < 300; trial++)
        {
            var shares = new Shares(LeaseTime, _time);
            var limit = random.Next(1, 30);
            var wanted = Enumerable.Range(0, random.Next(1, 7)).ToDictionary(i => $"h{i}", _ => random.Next(1, 9));
            var widths = wanted.Keys.ToDictionary(holder => holder, _ => 0);
            for (var round = 0; round < 4; round++)
            {
                foreach (var holder in wanted.Keys.OrderBy(_ => random.Next()))
                {
                    // Conversations end between two questions; some do not.
                    var inUse = random.Next(widths[holder] + 1);
                    var report = new PaceReport { Holder = holder, Wanted = Math.Max(wanted[holder], inUse), InUse = inUse, First = 1, Most = limit };
                    widths[holder] = Math.Max(inUse, shares.Lease(report, limit));
                    Assert.True(widths.Values.Sum() <= limit, $"seed {seed}, trial {trial}: {string.Join(' ', widths.Values)} of {limit}");
                }

                _time.Advance(TimeSpan.FromSeconds(1));
            }

            foreach (var holder in wanted.Keys) widths[holder] = Lease(shares, holder, wanted[holder], 0, limit);
            foreach (var holder in wanted.Keys) widths[holder] = Lease(shares, holder, wanted[holder], 0, limit);
            if (limit < wanted.Count) continue;                // goes round: see the test above
            foreach (var poor in wanted.Keys.Where(holder => widths[holder] < wanted[holder]))
                Assert.True(widths.Values.Max() - widths[poor] <= 1, $"seed {seed}, trial {trial}: {string.Join(' ', widths.Select(w => $"{w.Value}/{wanted[w.Key]}"))} of {limit}");
        }
    }

    private int Ask(string holder, int wanted, int inUse, int limit) => Lease(_shares, holder, wanted, inUse, limit);

    private static int Lease(Shares shares, string holder, int wanted, int inUse, int limit) =>
        shares.Lease(new PaceReport { Holder = holder, Wanted = wanted, InUse = inUse, First = 1, Most = limit }, limit);
}
