using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Vsmtp.Configuration.Versions;

/// <summary>One part of a requirement, as the range from <see cref="From"/> (included) to <see cref="To"/> (not included).</summary>
/// <param name="From">Null: no lower end.</param>
/// <param name="To">Null: no upper end.</param>
/// <param name="Named">The version in the text, where it has a pre-release.</param>
internal sealed partial record VersionComparator(SemanticVersion? From, SemanticVersion? To, SemanticVersion? Named)
{
    public static bool TryParse(string text, [NotNullWhen(true)] out VersionComparator? comparator)
    {
        comparator = null;
        if (text is "*")
        {
            comparator = new(null, null, null);
            return true;
        }

        var match = Shape().Match(text);
        if (!match.Success || !TryNumbers(match, out var numbers) || !HasOneShape(match, numbers.Count))
        {
            return false;
        }

        // "1.2.*" is all that begins with 1.2; without the star it is "^1.2".
        var op = match.Groups["wild"].Success ? "=" : match.Groups["operator"].Value;
        comparator = Range(op, numbers, match.Groups["pre"].Value);
        return true;
    }

    public bool Matches(SemanticVersion version) =>
        (From is null || version >= From) && (To is null || version < To);

    public bool NamesPreReleaseOf(SemanticVersion version) =>
        Named is not null && (Named.Major, Named.Minor, Named.Patch) == (version.Major, version.Minor, version.Patch);

    // A wildcard takes no operator; a pre-release needs all three numbers.
    private static bool HasOneShape(Match match, int count) =>
        (!match.Groups["wild"].Success || match.Groups["operator"].Length == 0)
        && (!match.Groups["pre"].Success || count == 3);

    private static bool TryNumbers(Match match, out List<int> numbers)
    {
        numbers = [];
        foreach (Capture capture in match.Groups["number"].Captures)
        {
            // One less than the largest, so that the next version can be named.
            if (!int.TryParse(capture.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number == int.MaxValue)
            {
                return false;
            }

            numbers.Add(number);
        }

        return true;
    }

    private static VersionComparator Range(string op, List<int> numbers, string preRelease)
    {
        var floor = new SemanticVersion(numbers[0], numbers.ElementAtOrDefault(1), numbers.ElementAtOrDefault(2), preRelease);
        var named = preRelease.Length == 0 ? null : floor;
        var afterGiven = After(floor, numbers.Count);
        return op switch
        {
            ">=" => new(floor, null, named),
            ">" => new(afterGiven, null, named),
            "<" => new(null, numbers.Count == 3 ? floor : LowestOf(floor), named),
            "<=" => new(null, afterGiven, named),
            "=" => new(floor, afterGiven, named),
            "~" => new(floor, LowestOf(Next(floor, Math.Min(numbers.Count, 2))), named),
            _ => new(floor, LowestOf(Next(floor, CaretPlace(numbers))), named),
        };
    }

    // The caret holds the leftmost number that is not zero, or the last one that is given.
    private static int CaretPlace(List<int> numbers)
    {
        var place = numbers.FindIndex(n => n != 0) + 1;
        return place == 0 ? numbers.Count : place;
    }

    // The first version behind all that "1", "1.2", "1.2.3" or "1.2.3-rc.1" stands for.
    private static SemanticVersion After(SemanticVersion version, int count) =>
        version.PreRelease.Length > 0
            ? version with { PreRelease = version.PreRelease + ".0" }
            : LowestOf(Next(version, count));

    private static SemanticVersion Next(SemanticVersion version, int place) => place switch
    {
        1 => new(version.Major + 1, 0, 0),
        2 => new(version.Major, version.Minor + 1, 0),
        _ => new(version.Major, version.Minor, version.Patch + 1),
    };

    // "0" is the lowest pre-release, so that the pre-releases of the upper end stay outside.
    private static SemanticVersion LowestOf(SemanticVersion version) => version with { PreRelease = "0" };

    [GeneratedRegex("""^(?<operator>>=|<=|[>=<~^])?[ \t]*(?<number>0|[1-9][0-9]*)(\.(?<number>0|[1-9][0-9]*)){0,2}(?<wild>(\.[*xX]){1,2})?(-(?<pre>[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*))?(\+[0-9A-Za-z.-]+)?\z""", RegexOptions.ExplicitCapture)]
    private static partial Regex Shape();
}
