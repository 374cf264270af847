using Vsmtp.Delivery.Delegation.Gates;
using Vsmtp.Smtp.Tests.Support;

namespace Vsmtp.Delivery.Tests.Delegation.Gates;

public sealed class CircuitBreakerTests
{
    private readonly ManualTime _time = new();
    private readonly CircuitBreaker _breaker;

    public CircuitBreakerTests() => _breaker = new CircuitBreaker(3, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), _time);

    [Fact]
    public void So_many_failures_in_a_row_open_it_and_one_success_in_between_does_not()
    {
        for (var i = 0; i < 5; i++)
        {
            Assert.False(_breaker.Fail("no"));
            Assert.False(_breaker.Fail("no"));
            Assert.False(_breaker.Succeed());
        }

        var since = _time.GetUtcNow();
        _breaker.Fail("one");
        _time.Advance(TimeSpan.FromSeconds(7));
        _breaker.Fail("two");
        Assert.True(_breaker.Fail("three"));
        Assert.Equal((BreakerState.Open, since, "three"), (_breaker.State, _breaker.DownSince, _breaker.LastFault));
    }

    [Fact]
    public void It_is_half_open_after_pauses_that_double_up_to_a_bound()
    {
        Open();
        foreach (var seconds in (int[])[1, 2, 4, 5, 5])
        {
            _time.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromTicks(1));
            Assert.Equal(BreakerState.Open, _breaker.State);
            _time.Advance(TimeSpan.FromTicks(1));
            Assert.Equal(BreakerState.HalfOpen, _breaker.State);
            Assert.False(_breaker.Fail("still"));              // it was open already: nothing new to tell
        }
    }

    [Fact]
    public void A_success_closes_it_and_the_next_pause_is_the_first_again()
    {
        Open();
        _time.Advance(TimeSpan.FromSeconds(1));
        _breaker.Fail("still");
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.True(_breaker.Succeed());
        Assert.Equal(BreakerState.Closed, _breaker.State);

        Open();
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(BreakerState.HalfOpen, _breaker.State);
    }

    [Fact]
    public void Failures_of_conversations_that_end_while_it_is_open_do_not_make_the_pause_longer()
    {
        Open();
        for (var i = 0; i < 10; i++) _breaker.Fail("late");
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(BreakerState.HalfOpen, _breaker.State);
    }

    private void Open()
    {
        for (var i = 0; i < 3; i++) _breaker.Fail("no");
        Assert.Equal(BreakerState.Open, _breaker.State);
    }
}
