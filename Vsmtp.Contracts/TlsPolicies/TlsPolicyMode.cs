namespace Vsmtp.Contracts.TlsPolicies;

/// <summary>What becomes of a mail whose domain's servers do not do as its policy says (RFC 8461 §5).</summary>
[GenerateSerializer, Alias("vsmtp.tls-policy-mode")]
public enum TlsPolicyMode
{
    /// <summary>It goes as if there were no policy.</summary>
    None,

    /// <summary>It goes, and we say what would have held it up.</summary>
    Testing,

    /// <summary>It waits.</summary>
    Enforce,
}
