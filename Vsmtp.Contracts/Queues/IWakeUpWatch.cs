namespace Vsmtp.Contracts.Queues;

/// <summary>
/// The safety net under the sweeps (design rule 8): one grain, whose reminder wakes what is due where every silo's sweep has stopped.
/// Where they run there is nothing left for it.
/// </summary>
[Alias("vsmtp.wake-up-watch")]
public interface IWakeUpWatch : IGrainWithStringKey
{
    /// <summary>The one that there is. No hexadecimal number (spec/orleans-api.md, "Behaviour that bites", 2).</summary>
    const string Key = "watch";

    /// <summary>Keeps watch from now on, and after every restart.</summary>
    [Alias("watch")]
    Task Watch();

    /// <summary>Looks now: what the reminder does.</summary>
    [Alias("look")]
    Task Look();
}
