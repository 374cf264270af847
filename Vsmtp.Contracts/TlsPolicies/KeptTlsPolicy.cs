namespace Vsmtp.Contracts.TlsPolicies;

/// <summary>What is durable about a domain's policy.</summary>
[GenerateSerializer, Immutable, Alias("vsmtp.kept-tls-policy")]
public sealed record KeptTlsPolicy
{
    /// <summary>Under which name it is kept, unique across grain types (spec/orleans-api.md, "Behaviour that bites", 1).</summary>
    public const string StateName = "tls-policy";

    /// <summary>Null: none is kept.</summary>
    [Id(0)] public TlsPolicy? Policy { get; init; }
}
