using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Vsmtp.Configuration.Versions;

/// <summary>
/// The versions that something is for, as Cargo writes them: <c>&gt;=1.2, &lt;2</c>, <c>^1.2.3</c> (also without the
/// caret), <c>~1.2</c>, <c>=1.2.3</c>, <c>1.*</c>, <c>*</c>; all parts between commas must hold.
/// </summary>
public sealed record VersionRequirement
{
    private const int MaxComparators = 32;

    private readonly string _text;
    private readonly ImmutableArray<VersionComparator> _comparators;

    private VersionRequirement(string text, ImmutableArray<VersionComparator> comparators) =>
        (_text, _comparators) = (text, comparators);

    public static bool TryParse(string text, [NotNullWhen(true)] out VersionRequirement? requirement)
    {
        requirement = null;
        var parts = text.Split(',', MaxComparators + 1, StringSplitOptions.TrimEntries);
        var comparators = ImmutableArray.CreateBuilder<VersionComparator>(parts.Length);
        foreach (var part in parts)
        {
            if (!VersionComparator.TryParse(part, out var comparator))
            {
                return false;
            }

            comparators.Add(comparator);
        }

        requirement = new(text.Trim(), comparators.DrainToImmutable());
        return true;
    }

    /// <summary>
    /// A pre-release matches only where a part names a pre-release of the same three numbers: <c>&gt;=1.0.0</c> does not let in
    /// <c>2.0.0-alpha</c>.
    /// </summary>
    public bool Matches(SemanticVersion version) =>
        _comparators.All(c => c.Matches(version))
        && (version.PreRelease.Length == 0 || _comparators.Any(c => c.NamesPreReleaseOf(version)));

    public bool Equals(VersionRequirement? other) => other is not null && _text == other._text;

    public override int GetHashCode() => _text.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => _text;
}
