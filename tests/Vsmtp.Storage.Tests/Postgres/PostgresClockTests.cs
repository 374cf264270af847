using Microsoft.Extensions.Logging.Abstractions;
using Orleans;
using Vsmtp.Contracts.Mail;
using Vsmtp.Storage.Postgres;
using Vsmtp.Storage.Tests.Contract;

namespace Vsmtp.Storage.Tests.Postgres;

/// <summary>A process whose clock is not the database's.</summary>
public sealed class PostgresClockTests() : StoreContract(new PostgresUnderTest())
{
    private PostgresUnderTest Postgres => (PostgresUnderTest)Store;

    [Theory]
    [InlineData(2)]
    [InlineData(-2)]
    public async Task A_mail_wakes_as_long_after_its_write_as_its_process_said_whatever_that_process_takes_for_now(int hoursAhead)
    {
        var id = NewId();
        var mail = await NewMailAsync();
        await Postgres.CloseAsync();
        using var claim = PostgresClaim.Acquire(Postgres.Options, ClaimMode.Exclusive);
        var other = new OtherTime(Store.Time, TimeSpan.FromHours(hoursAhead));
        await using var store = PostgresStore.Open(Postgres.Options, claim, NullLoggerFactory.Instance, other);

        var state = new GrainState<MailState>(mail with { WakeAt = other.GetUtcNow().AddSeconds(5) });
        await store.GrainStates.WriteStateAsync(MailStateStorage.StateName, Grain(id), state);

        Store.Time.Advance(TimeSpan.FromSeconds(4));
        Assert.Empty(await store.WakeUps.ClaimDueAsync(10, TimeSpan.FromSeconds(30), Cancel));
        Store.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(id, Assert.Single(await store.WakeUps.ClaimDueAsync(10, TimeSpan.FromSeconds(30), Cancel)).MailId);
    }

    private sealed class OtherTime(TimeProvider time, TimeSpan ahead) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => time.GetUtcNow() + ahead;
    }
}
