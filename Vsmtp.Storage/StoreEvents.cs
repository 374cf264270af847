namespace Vsmtp.Storage;

/// <summary>The event ids of this project's log lines.</summary>
internal static class StoreEvents
{
    public const int Opened = 7000;
    public const int Closed = 7001;
    public const int BatchFailed = 7002;
    public const int CheckpointFailed = 7003;
    public const int LogHeldBack = 7004;
    public const int Collected = 7005;
    public const int CollectorFailed = 7006;
    public const int StageNotRemoved = 7007;
    public const int Away = 7020;
    public const int Full = 7021;
    public const int Serving = 7022;
    public const int Short = 7023;
    public const int Room = 7024;
    public const int WatchFailed = 7025;
    public const int ClaimRenewed = 7026;
    public const int ClaimNotRenewed = 7027;
}
