namespace Vsmtp.Rules;

/// <summary>What a rule can say.</summary>
/// <remarks>The engine stops a stage at the first that is not <see cref="Next"/>; what lasts longer is the caller's.</remarks>
public enum RuleStatusKind
{
    /// <summary>Go on with the next directive.</summary>
    Next,

    /// <summary>End this stage, go on with the next one.</summary>
    Accept,

    /// <summary>Skip all later rules of this mail.</summary>
    ForceAccept,

    /// <summary>Refuse, or after the 250 drop.</summary>
    Deny,

    /// <summary>Give the reply and keep the state as it is.</summary>
    Info,

    /// <summary>Set aside under a name.</summary>
    Quarantine,

    /// <summary>Give the server the password that a client must know; in <see cref="Stage.Authenticate"/> alone.</summary>
    Packet,

    /// <summary>Hand to a service and sleep until it is decided.</summary>
    Delegate,
}
