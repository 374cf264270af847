using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Vsmtp.Contracts.TlsPolicies;

/// <summary>A domain's MTA-STS policy as it was fetched (RFC 8461 §3.2).</summary>
[GenerateSerializer, Immutable, Alias("vsmtp.tls-policy")]
public sealed record TlsPolicy
{
    /// <summary>The <c>id</c> of the record in DNS for which it was fetched; another one there says that it has changed (§3.1).</summary>
    [Id(0)] public string RecordId { get; init; } = "";

    [Id(1)] public TlsPolicyMode Mode { get; init; }

    /// <summary>Names of the hosts that may take mail, in lower case; one may begin with <c>*.</c> for any one label (§4.1).</summary>
    [Id(2)] public ImmutableArray<string> Hosts { get; init; } = [];

    [Id(3)] public DateTimeOffset FetchedAt { get; init; }

    /// <summary>For how long after <see cref="FetchedAt"/> it holds; a year at most.</summary>
    [Id(4)] public TimeSpan MaxAge { get; init; }

    /// <summary>It holds until then, whatever DNS says or cannot say.</summary>
    [JsonIgnore] public DateTimeOffset EndsAt => FetchedAt + MaxAge;
}
