namespace Vsmtp.Contracts.TlsPolicies;

/// <summary>
/// Keeps the policy of one domain for all silos and over restarts: one that is forgotten would let whoever stands in between lead mail
/// astray (RFC 8461 §10.2). It asks nobody; who delivers does.
/// </summary>
[Alias("vsmtp.tls-policy-grain")]
public interface ITlsPolicyGrain : IGrainWithStringKey
{
    /// <summary>The key is this and the domain, as A-labels in lower case. No hexadecimal number begins so.</summary>
    const string KeyPrefix = "sts-";

    /// <summary>The policy that was kept last; null when there is none, or it holds no longer.</summary>
    [Alias("find")]
    Task<TlsPolicy?> Find();

    /// <summary>Keeps a policy in the place of any that was fetched before it. Durable when it returns.</summary>
    [Alias("keep")]
    Task Keep(TlsPolicy policy);
}
