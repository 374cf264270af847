using System.Collections.Immutable;
using Vsmtp.Mail.Delegation;
using Vsmtp.Mail.Headers;

namespace Vsmtp.Rules;

/// <summary>One visit of a mail to a service that is over: what rules read with <c>delegation()</c>.</summary>
public sealed record DelegateVisit
{
    public required string Service { get; init; }

    public required DelegateResult Result { get; init; }

    /// <summary>0 when the service was not asked at all.</summary>
    public int Attempts { get; init; }

    /// <summary>The service's last reply, whole; null: it gave none, or the mail came back before one.</summary>
    public string? Reply { get; init; }

    /// <summary>From the first attempt to the outcome.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>The service's own headers that came back, in their order.</summary>
    public ImmutableArray<VerdictHeader> Headers { get; init; } = [];

    /// <summary>Those of a returned message that the service alone may set, under the names that its declaration gives them.</summary>
    public static ImmutableArray<VerdictHeader> HeadersOf(SmtpServiceSettings service, HeaderBlock returned) =>
    [
        .. from name in service.OwnHeaders.Distinct(StringComparer.OrdinalIgnoreCase)
           from value in returned.GetAll(name)
           select new VerdictHeader(name, value),
    ];
}

/// <summary>A header that only a service sets.</summary>
/// <param name="Name">As the service's declaration spells it.</param>
/// <param name="Value">As rules read values: unfolded.</param>
public sealed record VerdictHeader(string Name, string Value);
