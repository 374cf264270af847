using Vsmtp.Delivery.Delegation.Gates;
using Vsmtp.Smtp.Tests.Support;

namespace Vsmtp.Delivery.Tests.Delegation.Gates;

public sealed class ServiceGateTests
{
    private readonly ManualTime _time = new();
    private readonly ServiceGate _gate;

    public ServiceGateTests() =>
        _gate = new ServiceGate("clamsmtpd", maxInFlight: 2, new DeliveryOptions { ServerName = "vsmtp.example" }, _time);

    [Fact]
    public void While_it_is_open_nobody_goes_and_the_answer_says_since_when_why_and_until_when()
    {
        Open();
        var answer = Ask("later");
        Assert.Equal((false, true), (answer.IsGranted, answer.IsServiceDown));
        Assert.Equal("clamsmtpd is down since 09:00:00 and tried again at 09:00:01; gone", answer.Why);
        Assert.Empty(_gate.Call());
    }

    [Fact]
    public void Jobs_that_were_granted_before_it_opened_may_not_go_any_more()
    {
        Assert.True(Ask("granted").IsGranted);
        Assert.True(_gate.Begin("granted", isSuspect: false));
        Open();
        Assert.False(_gate.MayGo("granted"));
    }

    [Fact]
    public void Half_open_one_mail_at_a_time_goes_and_its_success_lets_the_others_come()
    {
        Open();
        for (var i = 0; i < 10_000; i++) Ask($"m{i:d5}", age: i);
        _time.Advance(TimeSpan.FromSeconds(1));
        var probe = Assert.Single(_gate.Call());
        Assert.Equal("m00000", probe);
        Assert.Empty(_gate.Call());
        Assert.True(Ask(probe, age: 0).IsGranted);
        _gate.EndCall(probe);
        Assert.Empty(_gate.Call());
        Assert.False(Ask("m00001", age: 1).IsGranted);
        Assert.True(_gate.Begin(probe, isSuspect: false));
        Assert.True(_gate.MayGo(probe));
        Assert.Equal(BreakerChange.Closed, _gate.Report(probe, AttemptEnd.Decided, isSuspect: false, ""));
        _gate.End(probe, isSuspect: false);

        // As many as keep the service busy, the oldest; the 10,000 do not come at once.
        Assert.Equal(Enumerable.Range(1, 8).Select(i => $"m{i:d5}"), _gate.Call());
        Assert.Empty(_gate.Call());
    }

    [Fact]
    public void A_probe_that_fails_leaves_the_next_try_to_another_mail()
    {
        Open();
        for (var i = 0; i < 3; i++) Ask($"m{i}", age: i);
        var probes = new List<string>();
        for (var round = 0; round < 4; round++)
        {
            _time.Advance(TimeSpan.FromSeconds(30));
            var probe = Assert.Single(_gate.Call());
            probes.Add(probe);
            Run(probe, AttemptEnd.ServiceFailed, age: probe[1] - '0');
            Ask(probe, age: probe[1] - '0');
        }

        Assert.Equal(["m0", "m1", "m2", "m0"], probes);
    }

    [Fact]
    public void A_probe_that_never_comes_does_not_keep_the_others_waiting()
    {
        Open();
        Ask("removed", age: 0);
        Ask("failing", age: 1);
        Ask("well", age: 2);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["removed"], _gate.Call());
        _gate.EndCall("removed");
        Assert.Equal(["failing"], _gate.Call());
        Assert.True(Ask("failing", age: 1).IsGranted);         // and then its commit fails
        _gate.EndCall("failing");
        Assert.Empty(_gate.Call());
        _time.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(["well"], _gate.Call());
    }

    [Fact]
    public void Conversations_that_break_late_do_not_open_it_again_behind_the_probe()
    {
        Open();
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(Ask("probe").IsGranted);
        for (var i = 0; i < 8; i++) _gate.Report($"late{i}", AttemptEnd.Stalled, isSuspect: false, "late");
        _gate.Begin("probe", isSuspect: false);
        Assert.True(_gate.MayGo("probe"));
        Assert.Equal(BreakerChange.Closed, _gate.Report("probe", AttemptEnd.Answered, isSuspect: false, ""));
    }

    [Fact]
    public void What_suspects_break_does_not_open_it_and_what_the_service_says_of_mails_neither()
    {
        for (var i = 0; i < 20; i++)
        {
            _gate.Report("suspect", AttemptEnd.BrokeOff, isSuspect: true, "broken");
            _gate.Report("suspect", AttemptEnd.Stalled, isSuspect: true, "stalled");
            _gate.Report($"m{i}", AttemptEnd.Deferred, isSuspect: false, "451");
            _gate.Report($"m{i}", AttemptEnd.Untried, isSuspect: false, "");
        }

        Assert.True(Ask("next").IsGranted);
    }

    [Fact]
    public void Suspects_go_one_by_one_and_take_no_place_of_others()
    {
        Assert.True(Ask("s0", isSuspect: true).IsGranted);
        Assert.True(_gate.Begin("s0", isSuspect: true));
        var answer = Ask("s1", isSuspect: true);
        Assert.Equal((false, false), (answer.IsGranted, answer.IsServiceDown));
        for (var i = 0; i < 1024; i++)
        {
            Assert.True(Ask($"m{i}").IsGranted);
            Assert.True(_gate.Begin($"m{i}", isSuspect: false));
        }

        Assert.Empty(_gate.Call());
        _gate.End("s0", isSuspect: true);
        Assert.Equal(["s1"], _gate.Call());
    }

    [Fact]
    public void A_suspect_is_the_probe_only_where_no_other_mail_waits_and_its_break_does_not_use_up_the_try()
    {
        Open();
        Ask("suspect", age: 0, isSuspect: true);
        Ask("plain", age: 1);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(Ask("suspect", age: 0, isSuspect: true).IsGranted);
        Assert.Equal(["plain"], _gate.Call());
        _gate.EndCall("plain");                                // gone
        Assert.Equal(["suspect"], _gate.Call());
        Run("suspect", AttemptEnd.BrokeOff, isSuspect: true);
        Assert.True(Ask("another").IsGranted);
    }

    [Fact]
    public void The_more_mails_wait_the_later_they_ask_by_themselves_and_not_all_at_once()
    {
        Open();
        Assert.InRange(Ask("first").Pause, TimeSpan.FromSeconds(7.5), TimeSpan.FromSeconds(10));
        for (var i = 0; i < 20_000; i++) Ask($"m{i}");
        var pauses = Enumerable.Range(0, 100).Select(i => Ask($"m{i}").Pause.TotalSeconds).ToList();
        Assert.All(pauses, pause => Assert.InRange(pause, 75, 101));
        Assert.True(pauses.Max() - pauses.Min() > 5, "they are spread");
    }

    [Fact]
    public void The_scene_of_a_break_shows_what_others_did_and_not_what_the_mail_did_itself()
    {
        var start = _time.GetUtcNow();
        _gate.Report("before", AttemptEnd.BrokeOff, isSuspect: false, "");
        _time.Advance(TimeSpan.FromSeconds(1));
        _gate.Report("mine", AttemptEnd.BrokeOff, isSuspect: true, "");
        var alone = _gate.Look("mine", start.AddMilliseconds(500), _time.GetUtcNow(), isStall: false);
        Assert.Equal((false, (DateTimeOffset?)null), (alone.OthersFailed, alone.OthersDecidedAt));
        _gate.Report("other", AttemptEnd.Decided, isSuspect: false, "");
        _gate.Report("other", AttemptEnd.ServiceFailed, isSuspect: false, "");
        var among = _gate.Look("mine", start.AddMilliseconds(500), _time.GetUtcNow(), isStall: false);
        Assert.Equal((true, _time.GetUtcNow()), (among.OthersFailed, among.OthersDecidedAt));
    }

    [Fact]
    public void A_gate_that_has_been_quiet_and_well_for_long_may_be_forgotten()
    {
        Run("m", AttemptEnd.Decided);
        Assert.False(_gate.IsForgettable(TimeSpan.FromHours(1)));
        _time.Advance(TimeSpan.FromHours(2));
        Assert.True(_gate.IsForgettable(TimeSpan.FromHours(1)));
        Open();
        Assert.False(_gate.IsForgettable(TimeSpan.FromHours(1)));
    }

    private TurnAnswer Ask(string mailId, int age = 0, bool isSuspect = false) =>
        _gate.Ask(mailId, new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero).AddSeconds(age), isSuspect);

    private void Run(string mailId, AttemptEnd end, int age = 0, bool isSuspect = false)
    {
        Assert.True(Ask(mailId, age, isSuspect).IsGranted);
        _gate.EndCall(mailId);
        Assert.True(_gate.Begin(mailId, isSuspect));
        _gate.Report(mailId, end, isSuspect, "gone");
        _gate.End(mailId, isSuspect);
    }

    private void Open()
    {
        for (var i = 0; i < 5; i++) _gate.Report($"x{i}", AttemptEnd.ServiceFailed, isSuspect: false, "gone");
    }
}
