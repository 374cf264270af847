using Vsmtp.Delivery.Delegation.Gates;

namespace Vsmtp.Delivery.Tests.Delegation.Gates;

public sealed class TurnQueueTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 9, 0, 0, TimeSpan.Zero);

    private readonly TurnQueue _queue = new(window: 2, maxPlaces: 4, new WaitingRoom(1000));

    [Fact]
    public void Those_who_wait_are_called_oldest_first_as_places_become_free()
    {
        Fill();
        foreach (var age in (int[])[5, 3, 4]) Assert.False(_queue.Ask($"w{age}", Age(age), Now));
        for (var i = 0; i < 2; i++) _queue.End();
        Assert.Null(_queue.Call());                            // two of two places of the window are taken
        _queue.End();
        Assert.Equal("w3", _queue.Call());
        Assert.Null(_queue.Call());
        _queue.EndCall("w3");
        Assert.Equal("w4", _queue.Call());
        _queue.End();
        Assert.Equal("w5", _queue.Call());
    }

    [Fact]
    public void A_newcomer_does_not_overtake_who_waits_whatever_room_there_is()
    {
        Fill();
        Assert.False(_queue.Ask("old", Age(100), Now));
        for (var i = 0; i < 4; i++) _queue.End();
        for (var i = 0; i < 50; i++) Assert.False(_queue.Ask($"new{i}", Age(200 + i), Now));
        Assert.Equal("old", _queue.Call());
        Assert.True(_queue.Ask("old", Age(100), Now));
        Assert.True(_queue.Begin("old"));
        Assert.Equal("new0", _queue.Call());
    }

    [Fact]
    public void An_older_mail_that_comes_again_goes_before_newcomers_that_wait()
    {
        Fill();
        for (var i = 0; i < 50; i++) Assert.False(_queue.Ask($"new{i}", Age(200 + i), Now));
        Assert.False(_queue.Ask("retry", Age(1), Now));
        for (var i = 0; i < 4; i++) _queue.End();
        Assert.Equal("retry", _queue.Call());
    }

    [Fact]
    public void A_call_that_is_not_answered_and_a_grant_without_a_job_keep_no_place()
    {
        Fill();
        foreach (var age in (int[])[1, 2, 3]) Assert.False(_queue.Ask($"w{age}", Age(age), Now));
        for (var i = 0; i < 4; i++) _queue.End();
        Assert.Equal("w1", _queue.Call());
        _queue.EndCall("w1");                                  // removed by an operator meanwhile
        Assert.Equal("w2", _queue.Call());
        Assert.True(_queue.Ask("w2", Age(2), Now));            // and then its commit failed
        _queue.EndCall("w2");
        Assert.Equal("w3", _queue.Call());
        Assert.Null(_queue.Call());
        _queue.EndCall("w3");
        Assert.True(_queue.HasPlace("w2"));
        _queue.Expire(Now + TimeSpan.FromSeconds(31));
        Assert.True(_queue.IsIdle);
    }

    [Fact]
    public void A_full_room_sends_the_youngest_away_and_counts_a_mail_once()
    {
        var room = new WaitingRoom(3);
        foreach (var age in (int[])[9, 1, 5, 1, 7, 3, 8]) room.Add($"w{age}", Age(age));
        Assert.Equal(3, room.Count);
        Assert.Equal(["w1", "w3", "w5", null], Enumerable.Range(0, 4).Select(_ => room.TakeOldest()));
    }

    [Fact]
    public void A_room_of_many_thousand_mails_costs_some_megabytes()
    {
        var ids = Enumerable.Range(0, 100_000).Select(i => $"m-00-01jd{i:d22}").ToArray();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var room = new WaitingRoom(32 * 1024);
        for (var i = 0; i < 32 * 1024; i++) room.Add(ids[i], Age(i));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 8 * 1024 * 1024);
        foreach (var id in ids) room.Add(id, Age(100_000));
        Assert.Equal(32 * 1024, room.Count);
    }

    private static DateTimeOffset Age(int seconds) => Now.AddDays(-1).AddSeconds(seconds);

    private void Fill()
    {
        for (var i = 0; i < 4; i++)
        {
            Assert.True(_queue.Ask($"first{i}", Now, Now));
            Assert.True(_queue.Begin($"first{i}"));
        }
    }
}
