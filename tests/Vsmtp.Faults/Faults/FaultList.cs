using Vsmtp.Faults.Shim;
using Vsmtp.Faults.Sites;

namespace Vsmtp.Faults.Faults;

/// <summary>Every fault there is, in the order of the table.</summary>
internal static class FaultList
{
    private static readonly Func<Fault>[] All =
    [
        () => new KillFault(),
        () => new DiskFullFault(),
        () => new WriteErrorFault(),
        () => new SlowSyncFault(),
        () => new PowerCutFault(PowerCut.TornWrite),
        () => new PowerCutFault(PowerCut.LostWrites),
        () => new ClockFault(),
        () => new LockedFault(),
        () => new PostgresStopFault(),
        () => new PostgresFailoverFault(),
        () => new ServiceFault(),
        () => new SmarthostFault(),
        () => new EverythingFault(),
    ];

    /// <summary>New ones, for a run each.</summary>
    public static IEnumerable<Fault> For(StoreKind store) => All.Select(make => make()).Where(fault => fault.Stores.Contains(store));

    public static Fault New(string name) => All.Select(make => make()).First(fault => fault.Name == name);
}
