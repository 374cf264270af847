using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Vsmtp.Configuration.Versions;

/// <summary>A version by Semantic Versioning 2.0.0; build metadata is left out, since it does not count in comparing.</summary>
/// <param name="PreRelease">Such as <c>rc.1</c>; empty: a release.</param>
public sealed partial record SemanticVersion(int Major, int Minor, int Patch, string PreRelease = "") : IComparable<SemanticVersion>
{
    public static bool TryParse(string text, [NotNullWhen(true)] out SemanticVersion? version)
    {
        version = null;
        var match = Shape().Match(text);
        if (!match.Success
            || !TryNumber(match.Groups[1], out var major)
            || !TryNumber(match.Groups[2], out var minor)
            || !TryNumber(match.Groups[3], out var patch))
        {
            return false;
        }

        version = new(major, minor, patch, match.Groups["pre"].Value);
        return true;
    }

    public int CompareTo(SemanticVersion? other)
    {
        if (other is null)
        {
            return 1;
        }

        var numbers = (Major, Minor, Patch).CompareTo((other.Major, other.Minor, other.Patch));
        return numbers != 0 ? numbers : ComparePreRelease(PreRelease, other.PreRelease);
    }

    public static bool operator <(SemanticVersion left, SemanticVersion right) => left.CompareTo(right) < 0;

    public static bool operator >(SemanticVersion left, SemanticVersion right) => left.CompareTo(right) > 0;

    public static bool operator <=(SemanticVersion left, SemanticVersion right) => left.CompareTo(right) <= 0;

    public static bool operator >=(SemanticVersion left, SemanticVersion right) => left.CompareTo(right) >= 0;

    public override string ToString() => $"{Major}.{Minor}.{Patch}{(PreRelease.Length == 0 ? "" : "-" + PreRelease)}";

    // Semantic Versioning 2.0.0 §11: a pre-release comes before its release; identifiers one by one, numbers before words.
    private static int ComparePreRelease(string left, string right)
    {
        if (left.Length == 0 || right.Length == 0)
        {
            return right.Length.CompareTo(left.Length) is var order && left.Length == right.Length ? 0 : order;
        }

        var (l, r) = (left.Split('.'), right.Split('.'));
        for (var i = 0; i < Math.Min(l.Length, r.Length); i++)
        {
            var order = CompareIdentifier(l[i], r[i]);
            if (order != 0)
            {
                return order;
            }
        }

        return l.Length.CompareTo(r.Length);
    }

    private static int CompareIdentifier(string left, string right)
    {
        var (isLeftNumber, isRightNumber) = (left.All(char.IsAsciiDigit), right.All(char.IsAsciiDigit));
        return (isLeftNumber, isRightNumber) switch
        {
            (true, true) when left.Length != right.Length => left.Length.CompareTo(right.Length),
            (true, false) => -1,
            (false, true) => 1,
            _ => string.CompareOrdinal(left, right),
        };
    }

    private static bool TryNumber(Group digits, out int number) =>
        int.TryParse(digits.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    [GeneratedRegex("""^(?<1>0|[1-9][0-9]*)\.(?<2>0|[1-9][0-9]*)\.(?<3>0|[1-9][0-9]*)(-(?<pre>[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*))?(\+[0-9A-Za-z.-]+)?\z""", RegexOptions.ExplicitCapture)]
    private static partial Regex Shape();
}
