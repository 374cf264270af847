using Vsmtp.Contracts.Pace;
using Vsmtp.Grains.Pace;
using Vsmtp.Smtp.Tests.Support;

namespace Vsmtp.Grains.Tests.Pace;

/// <summary>How many mails go to a destination at once, by what it says.</summary>
public sealed class TempoTests
{
    private static readonly PaceReport News = new() { Holder = "a", Wanted = 1, InUse = 0, First = 2, Most = 8 };

    private readonly ManualTime _time = new();
    private readonly Tempo _tempo;

    public TempoTests() => _tempo = new Tempo(_time);

    [Fact]
    public void It_widens_by_one_after_as_many_mails_as_go_at_once_and_no_further_than_it_may()
    {
        _tempo.Hear(News);
        Assert.Equal(2, _tempo.Limit);
        foreach (var (answered, limit) in new[] { (1, 2), (1, 3), (2, 3), (1, 4), (9, 6), (100, 8), (100, 8) })
        {
            _tempo.Hear(News with { Answered = answered });
            Assert.Equal(limit, _tempo.Limit);
        }
    }

    [Fact]
    public void It_halves_when_the_destination_has_enough_but_one_goes_always()
    {
        _tempo.Hear(News with { Answered = 100 });
        foreach (var limit in new[] { 4, 2, 1, 1 })
        {
            _tempo.Hear(News with { Refused = 3 });
            Assert.Equal(limit, _tempo.Limit);
            Assert.Equal(TimeSpan.Zero, _tempo.PauseLeft);
        }

        _tempo.Hear(News with { Answered = 1 });
        Assert.Equal(2, _tempo.Limit);
    }

    [Fact]
    public void Nobody_is_asked_for_a_while_where_nobody_answered_twice_and_longer_each_time()
    {
        _tempo.Hear(News with { Unanswered = 1, Fault = "no route" });
        Assert.Equal((1, TimeSpan.Zero), (_tempo.Limit, _tempo.PauseLeft));
        foreach (var seconds in new[] { 15, 30, 60, 120, 240, 300, 300 })
        {
            _tempo.Hear(News with { Unanswered = 1, Fault = "no route" });
            Assert.Equal((TimeSpan.FromSeconds(seconds), "no route"), (_tempo.PauseLeft, _tempo.Fault));
            _time.Advance(TimeSpan.FromSeconds(seconds - 1));
            Assert.Equal(TimeSpan.FromSeconds(1), _tempo.PauseLeft);
            _time.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal(TimeSpan.Zero, _tempo.PauseLeft);
        }

        Assert.False(_tempo.IsWell);
        _tempo.Hear(News with { Answered = 1 });
        Assert.True(_tempo.IsWell);
        _tempo.Hear(News with { Unanswered = 1 });
        Assert.Equal(TimeSpan.Zero, _tempo.PauseLeft);
    }

    [Fact]
    public void Where_nothing_is_to_be_learnt_the_newest_settings_hold()
    {
        var fix = News with { First = 5, Most = 5 };
        _tempo.Hear(fix with { Answered = 50 });
        Assert.Equal(5, _tempo.Limit);
        _tempo.Hear(fix with { First = 3, Most = 3 });
        Assert.Equal(3, _tempo.Limit);
    }
}
