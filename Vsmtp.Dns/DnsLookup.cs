using System.Collections.Immutable;

namespace Vsmtp.Dns;

/// <summary>A <see cref="DnsAnswer"/> in the shape that a caller wants.</summary>
public abstract record DnsLookup<T>
{
    private DnsLookup()
    {
    }

    /// <summary>As <see cref="DnsAnswer.IsAuthenticated"/>.</summary>
    public bool IsAuthenticated { get; init; }

    /// <param name="Values">At least one.</param>
    /// <param name="Ttl">For how much longer they hold; zero: they may be others next time.</param>
    public sealed record Found(ImmutableArray<T> Values, TimeSpan Ttl) : DnsLookup<T>;

    /// <summary>As <see cref="DnsAnswer.NoData"/>.</summary>
    public sealed record NoData : DnsLookup<T>;

    /// <summary>As <see cref="DnsAnswer.NoSuchName"/>.</summary>
    public sealed record NoSuchName : DnsLookup<T>;

    /// <summary>As <see cref="DnsAnswer.FailedForNow"/>.</summary>
    public sealed record FailedForNow(string Detail) : DnsLookup<T>;
}
