namespace Vsmtp.Rules.Services;

/// <summary>What does the work of a service that rules call themselves; shared by all runs of a rule set.</summary>
internal abstract class ServiceEngine
{
    /// <summary>
    /// The rule set is no longer the site's present one: nothing is kept open from one use to the next. Runs that still hold the set
    /// can use the service as before.
    /// </summary>
    public virtual void Retire()
    {
    }
}
