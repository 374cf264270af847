namespace Vsmtp.Faults.Shim;

/// <summary>What a power cut leaves.</summary>
internal enum PowerCut
{
    None,

    /// <summary>Of the last write half; of those before it everything.</summary>
    TornWrite,

    /// <summary>Of each write since the last sync all, half or nothing.</summary>
    LostWrites,
}
