using Vsmtp.Delivery.Retries;
using Vsmtp.Mail.Delegation;

namespace Vsmtp.Delivery.Tests.Retries;

public sealed class RetryScheduleTests
{
    private static readonly RetrySchedule Mails = RetrySchedule.Of(new DeliveryOptions { ServerName = "mx.example" });

    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 10)]
    [InlineData(3, 20)]
    [InlineData(6, 160)]
    [InlineData(7, 240)]
    [InlineData(1000, 240)]
    public void Pauses_double_up_to_four_hours(int attempts, int minutes) =>
        Assert.Equal(TimeSpan.FromMinutes(minutes), Mails.NextPause(attempts, TimeSpan.Zero, 0));

    [Theory]
    [InlineData(0.0, 5.0)]
    [InlineData(0.5, 4.375)]
    [InlineData(0.999999, 3.75)]
    public void Chance_shortens_a_pause_by_at_most_a_quarter(double random, double minutes) =>
        Assert.Equal(minutes, Mails.NextPause(1, TimeSpan.Zero, random)!.Value.TotalMinutes, 0.001);

    [Fact]
    public void After_five_days_a_mail_is_given_up()
    {
        Assert.NotNull(Mails.NextPause(40, TimeSpan.FromDays(5) - TimeSpan.FromSeconds(1), 0));
        Assert.Null(Mails.NextPause(40, TimeSpan.FromDays(5), 0));
    }

    [Fact]
    public void A_site_may_bound_the_attempts()
    {
        var schedule = Mails with { MaxAttempts = 3 };
        Assert.NotNull(schedule.NextPause(2, TimeSpan.Zero, 0));
        Assert.Null(schedule.NextPause(3, TimeSpan.Zero, 0));
    }

    [Fact]
    public void A_mail_tried_by_schedule_is_tried_for_five_days()
    {
        var (age, attempts) = (TimeSpan.Zero, 1);
        for (; Mails.NextPause(attempts, age, 0.5) is { } pause; attempts++) age += pause;
        Assert.InRange(age, TimeSpan.FromDays(5), TimeSpan.FromDays(5) + TimeSpan.FromHours(4));
        Assert.InRange(attempts, 30, 50);
    }

    [Fact]
    public void A_service_has_its_own_schedule()
    {
        var schedule = RetrySchedule.Of(new DelegationRetry());
        Assert.Equal(TimeSpan.FromSeconds(5), schedule.NextPause(1, TimeSpan.Zero, 0));
        Assert.Equal(TimeSpan.FromMinutes(5), schedule.NextPause(20, TimeSpan.FromHours(3), 0));
        Assert.Null(schedule.NextPause(20, TimeSpan.FromHours(4), 0));
    }
}
