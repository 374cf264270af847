namespace Vsmtp.Contracts.Pace;

/// <summary>
/// How many mails go to one destination or service at once, in all processes of the cluster together. It leases shares of that to the
/// workers, which hold the conversations and tell it how they went; it holds none itself, and keeps nothing in the store: what it
/// forgets with its silo is learnt again.
/// </summary>
[Alias("vsmtp.pace")]
public interface IPaceGrain : IGrainWithStringKey
{
    /// <summary>Tells what happened since the last report and what is wanted now, and gets a share for a short while.</summary>
    [Alias("lease")]
    Task<PaceLease> Lease(PaceReport report);
}
