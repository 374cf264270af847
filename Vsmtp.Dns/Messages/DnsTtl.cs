namespace Vsmtp.Dns.Messages;

/// <summary>Times to live: 31 bits of seconds (RFC 2181 §8).</summary>
internal static class DnsTtl
{
    /// <summary>A number with the highest bit set counts as 0 (RFC 2181 §8).</summary>
    public static TimeSpan FromSeconds(uint seconds) => seconds > int.MaxValue ? TimeSpan.Zero : TimeSpan.FromSeconds(seconds);

    public static TimeSpan Shorter(TimeSpan left, TimeSpan right) => left < right ? left : right;
}
