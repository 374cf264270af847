using Orleans;
using Vsmtp.Contracts.Mail;
using Vsmtp.Contracts.Queues;

namespace Vsmtp.Storage.Tests.Contract;

/// <summary>The sweep's index.</summary>
public abstract class WakeUpContract(StoreUnderTest store) : StoreContract(store)
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Due_mails_are_claimed_longest_due_first_and_up_to_the_limit()
    {
        var third = await AcceptDueInAsync(3);
        var first = await AcceptDueInAsync(1);
        var second = await AcceptDueInAsync(2);
        await AcceptDueInAsync(4);
        Store.Time.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal([first, second], await ClaimAsync(2));
        Assert.Equal([third], await ClaimAsync(2));
        Assert.Empty(await ClaimAsync(2));
    }

    [Fact]
    public async Task Mails_that_nobody_claimed_for_too_long_are_counted()
    {
        await AcceptDueInAsync(0);
        await AcceptDueInAsync(1);
        await AcceptDueInAsync(70);
        Store.Time.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(2, await Store.WakeUps.CountOverdueAsync(TimeSpan.FromMinutes(1), Cancel));
        Assert.Equal(0, await Store.WakeUps.CountOverdueAsync(TimeSpan.FromMinutes(2), Cancel));
        await ClaimAsync(1);
        Assert.Equal(1, await Store.WakeUps.CountOverdueAsync(TimeSpan.FromMinutes(1), Cancel));
    }

    [Fact]
    public async Task A_claimed_mail_comes_again_when_its_lease_is_over()
    {
        var id = await AcceptDueInAsync(0);
        Assert.Equal([id], await ClaimAsync(10));
        Store.Time.Advance(Lease - TimeSpan.FromMilliseconds(1));
        Assert.Empty(await ClaimAsync(10));
        Store.Time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal([id], await ClaimAsync(10));
    }

    [Fact]
    public async Task A_claim_does_not_make_the_running_grain_stale_and_its_write_sets_the_wake_up_anew()
    {
        var id = NewId();
        var state = await AcceptAsync(id, await NewMailAsync());
        await ClaimAsync(10);

        await ChangeAsync(id, state, mail => mail with { WakeAt = Now.AddSeconds(5) });
        Store.Time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal([id], await ClaimAsync(10));
    }

    [Fact]
    public async Task No_mail_is_claimed_before_its_time_by_even_a_tick()
    {
        var at = Now.AddTicks(10_000_001);
        var id = NewId();
        await AcceptAsync(id, await NewMailAsync() with { WakeAt = at });
        Store.Time.Advance(TimeSpan.FromTicks(10_000_000));
        Assert.Empty(await ClaimAsync(10));
        Store.Time.Advance(TimeSpan.FromMicroseconds(1));

        Assert.Equal([id], await ClaimAsync(10));
    }

    [Fact]
    public async Task Mails_that_wait_for_an_operator_and_ended_ones_are_never_due()
    {
        await AcceptAsync(NewId(), await NewMailAsync() with { Phase = MailPhase.Quarantine, Quarantine = "q", WakeAt = null });
        var id = NewId();
        var state = await AcceptAsync(id, await NewMailAsync());
        await ChangeAsync(id, state, mail => mail with { Phase = MailPhase.Delivered, IsBusy = true });
        Store.Time.Advance(TimeSpan.FromDays(1));

        Assert.Empty(await ClaimAsync(10));
        await Store.RestartAsync();
        Assert.Equal(0, await Store.WakeUps.RecoverAsync(Cancel));
    }

    [Fact]
    public async Task What_an_ended_process_was_busy_with_is_due_at_once()
    {
        var busy = NewId();
        await AcceptAsync(busy, await NewMailAsync() with { IsBusy = true, WakeAt = Now.AddHours(1) });
        await AcceptDueInAsync(3600);
        Assert.Equal(0, await Store.WakeUps.RecoverAsync(Cancel));
        await Store.RestartAsync();

        Assert.Equal(1, await Store.WakeUps.RecoverAsync(Cancel));
        Assert.Equal(0, await Store.WakeUps.RecoverAsync(Cancel));

        Assert.Equal([busy], await ClaimAsync(10));
    }

    [Fact]
    public async Task What_was_recovered_and_not_worked_on_is_recovered_again_by_the_next_process()
    {
        var busy = NewId();
        await AcceptAsync(busy, await NewMailAsync() with { IsBusy = true, WakeAt = null });
        await Store.RestartAsync();
        await Store.WakeUps.RecoverAsync(Cancel);
        await ClaimAsync(10);
        await Store.RestartAsync();

        Assert.Equal(1, await Store.WakeUps.RecoverAsync(Cancel));
        Assert.Equal([busy], await ClaimAsync(10));
    }

    [Fact]
    public async Task A_mail_that_is_busy_no_more_is_not_recovered()
    {
        var id = NewId();
        var state = await AcceptAsync(id, await NewMailAsync() with { IsBusy = true });
        await ChangeAsync(id, state, mail => mail with { IsBusy = false, WakeAt = Now.AddHours(1) });
        await Store.RestartAsync();

        Assert.Equal(0, await Store.WakeUps.RecoverAsync(Cancel));
        Assert.Empty(await ClaimAsync(10));
    }

    [Fact]
    public async Task A_due_mail_comes_with_the_incarnation_that_its_row_says_is_busy()
    {
        var left = NewId();
        await AcceptAsync(left, await NewMailAsync() with { IsBusy = true });
        var ended = Store.Incarnation.Name;
        await Store.RestartAsync();
        Store.Time.Advance(TimeSpan.FromSeconds(1));
        var own = NewId();
        await AcceptAsync(own, await NewMailAsync() with { IsBusy = true });
        Store.Time.Advance(TimeSpan.FromSeconds(1));
        var idle = await AcceptDueInAsync(0);

        DueMail[] due = [new(left, "1", ended), new(own, "1", Store.Incarnation.Name), new(idle, "1", null)];
        Assert.Equal(due, await Store.WakeUps.ClaimDueAsync(10, Lease, Cancel));

        Assert.Equal(1, await Store.WakeUps.RecoverAsync(Cancel));
        Assert.Equal([new DueMail(left, "1", Store.Incarnation.Name)], await Store.WakeUps.ClaimDueAsync(10, Lease, Cancel));
    }

    [Fact]
    public async Task Two_sweeps_at_once_never_claim_the_same_mail()
    {
        for (var i = 0; i < 200; i++) await AcceptDueInAsync(0);

        var claims = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Store.WakeUps.ClaimDueAsync(7, Lease, Cancel)));

        Assert.Equal(200, claims.Sum(claim => claim.Length));
        Assert.Equal(200, claims.SelectMany(claim => claim).DistinctBy(mail => mail.MailId).Count());
    }

    private async Task<IEnumerable<string>> ClaimAsync(int limit) =>
        (await Store.WakeUps.ClaimDueAsync(limit, Lease, Cancel)).Select(static mail => mail.MailId);

    private async Task<string> AcceptDueInAsync(int seconds)
    {
        var id = NewId();
        await AcceptAsync(id, await NewMailAsync() with { WakeAt = Now.AddSeconds(seconds) });
        return id;
    }
}
