using System.Runtime.InteropServices;

namespace Vsmtp.Faults.Shim;

/// <summary>The control file of faults.c, field by field.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Controls
{
    public long ClockOffsetNs;
    public int WriteError;
    public int WritePermille;
    public int SyncError;
    public int SyncPermille;
    public int SyncDelayMs;
    public int CutAfter;
    public int CutKind;
    public int Seed;
    public int FailedWrites;
    public int FailedSyncs;
    public int SlowSyncs;
    public int UndoneWrites;
}
