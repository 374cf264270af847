using System.Diagnostics.CodeAnalysis;
using System.Text;
using Vsmtp.Dns.Names;
using Vsmtp.Mail.Addresses;

namespace Vsmtp.Delivery.TlsPolicies;

/// <summary>Which hosts a policy means: a name, or <c>*.</c> before one, for any one label in its place (RFC 8461 §4.1).</summary>
internal static class HostPattern
{
    private const string AnyLabel = "*.";

    /// <param name="pattern">In lower case.</param>
    public static bool TryRead(string text, [NotNullWhen(true)] out string? pattern)
    {
        pattern = null;
        var name = text.StartsWith(AnyLabel, StringComparison.Ordinal) ? text.AsSpan(AnyLabel.Length) : text;
        if (!DomainName.IsValid(name) || !Ascii.IsValid(name)) return false;     // §3.2: A-labels, not U-labels
        pattern = text.ToLowerInvariant();
        return true;
    }

    /// <param name="pattern">As <see cref="TryRead"/> gives it.</param>
    /// <param name="host">As MX records have it, or people; compared as A-labels.</param>
    public static bool Matches(string pattern, string host)
    {
        if (!DnsName.TryParse(host, out var parsed)) return false;
        var name = parsed.ToString();
        if (!pattern.StartsWith(AnyLabel, StringComparison.Ordinal)) return name.Equals(pattern, StringComparison.OrdinalIgnoreCase);
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && name.AsSpan(dot + 1).Equals(pattern.AsSpan(AnyLabel.Length), StringComparison.OrdinalIgnoreCase);
    }
}
