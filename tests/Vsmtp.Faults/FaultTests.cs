using Vsmtp.Faults.Faults;
using Vsmtp.Faults.Running;
using Vsmtp.Faults.Sites;

namespace Vsmtp.Faults;

/// <summary>The short form of every fault. The long one is eng/faults.</summary>
public abstract class FaultTests(ITestOutputHelper output)
{
    private protected async Task RunAsync(string name, StoreKind store, WayOut way = WayOut.Smarthost, FaultSize? size = null)
    {
        var seed = Random.Shared.Next(1_000_000);
        output.WriteLine($"seed {seed}");
        var fault = FaultList.New(name);
        var row = await FaultRun.RunAsync(fault, store, way, size ?? fault.Short, seed);
        output.WriteLine(row.ToString());
        Assert.True(row.IsGood, $"{row}\n{row.Faults}");
    }
}

/// <inheritdoc/>
public sealed class SqliteFaultTests(ITestOutputHelper output) : FaultTests(output)
{
    public static TheoryData<string> Faults => [.. FaultList.For(StoreKind.Sqlite).Select(fault => fault.Name)];

    [Theory, MemberData(nameof(Faults))]
    public Task No_mail_is_lost_and_none_is_delivered_unscanned(string fault) => RunAsync(fault, StoreKind.Sqlite);
}

/// <inheritdoc/>
public sealed class PostgresFaultTests(ITestOutputHelper output) : FaultTests(output)
{
    public static TheoryData<string> Faults =>
        [.. FaultList.For(StoreKind.Postgres).Where(fault => fault.IsTestedOnPostgres).Select(fault => fault.Name)];

    [Theory, MemberData(nameof(Faults))]
    public Task No_mail_is_lost_and_none_is_delivered_unscanned(string fault) => RunAsync(fault, StoreKind.Postgres);
}

/// <inheritdoc/>
public sealed class ExchangeFaultTests(ITestOutputHelper output) : FaultTests(output)
{
    [Theory, InlineData("kill -9", 48, 2), InlineData("bad smarthost", 120, 1), InlineData("everything", 120, 1)]
    public Task By_MX_too_no_mail_is_lost_and_its_sender_hears_once_of_each_failure(string fault, int mails, int times) =>
        RunAsync(fault, StoreKind.Sqlite, WayOut.Exchanges, new FaultSize(mails, times));
}
