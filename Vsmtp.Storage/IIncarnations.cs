namespace Vsmtp.Storage;

/// <summary>The processes that have a store in common.</summary>
public interface IIncarnations
{
    /// <summary>
    /// Takes the store away from a process that is known to be dead to the cluster and still holds it: one that hangs, or a machine that
    /// sleeps. Should it wake, it finds its claim lost and ends; its mails are recovered as those of any that has ended.
    /// </summary>
    /// <param name="incarnation">By its name.</param>
    /// <param name="cancellationToken">Ends the wait for the store.</param>
    /// <returns>How many sessions were ended; 0 where it holds nothing.</returns>
    Task<int> EndAsync(string incarnation, CancellationToken cancellationToken);
}
