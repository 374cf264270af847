using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Vsmtp.Mail.Addresses;

namespace Vsmtp.Mail.Transfer;

/// <summary>For whom a certificate must be: names, of which it must have one; <c>.example.org</c> stands for every name below example.org.</summary>
public sealed class CertificateNames : IEquatable<CertificateNames>
{
    private const string AnyLabel = "*.";

    /// <param name="patterns">As <see cref="TryRead"/> gives them; at least one.</param>
    public CertificateNames(IEnumerable<string> patterns) => Patterns = [.. patterns.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    public ImmutableArray<string> Patterns { get; }

    /// <param name="pattern">In lower case.</param>
    /// <returns>False for what no certificate can have: an address, another alphabet than A-labels (RFC 5280 §7.2), a wildcard.</returns>
    public static bool TryRead(string text, [NotNullWhen(true)] out string? pattern)
    {
        var name = text.AsSpan(text.StartsWith('.') ? 1 : 0);
        pattern = DomainName.IsValid(name) && Ascii.IsValid(name) ? text.ToLowerInvariant() : null;
        return pattern is not null;
    }

    /// <param name="names">The certificate's, as it has them; <c>*.</c> stands for one label (RFC 6125 §6.4.3).</param>
    public bool IncludeOneOf(IEnumerable<string> names) => names.Any(name => Patterns.Any(pattern => Matches(pattern, name)));

    public bool Equals(CertificateNames? other) => other is not null && Patterns.SequenceEqual(other.Patterns);

    public override bool Equals(object? obj) => Equals(obj as CertificateNames);

    public override int GetHashCode() => Patterns.Aggregate(0, static (hash, pattern) => HashCode.Combine(hash, pattern));

    public override string ToString() => string.Join(", ", Patterns);

    /// <summary>A wildcard of a certificate is below its domain like any other name there: whoever has it has that domain.</summary>
    private static bool Matches(string pattern, string name)
    {
        if (pattern[0] == '.') return name.Length > pattern.Length && name.EndsWith(pattern, StringComparison.OrdinalIgnoreCase);
        if (!name.StartsWith(AnyLabel, StringComparison.Ordinal)) return name.Equals(pattern, StringComparison.OrdinalIgnoreCase);
        var dot = pattern.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && pattern.AsSpan(dot).Equals(name.AsSpan(1), StringComparison.OrdinalIgnoreCase);
    }
}
