using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Objects;

/// <summary><c>regex</c>: matched anywhere in a text unless anchored; in time linear in the text.</summary>
internal sealed class RegexObject : VslObject
{
    private static readonly TimeSpan MatchTimeout = TimeSpan.FromSeconds(1);

    private readonly Regex _regex;

    private RegexObject(Regex regex) => _regex = regex;

    public override string Kind => "regex";

    public override string ToText() => _regex.ToString();

    /// <param name="fault">What is wrong with the pattern.</param>
    public static bool TryCreate(
        string pattern, [NotNullWhen(true)] out RegexObject? created, [NotNullWhen(false)] out string? fault)
    {
        (created, fault) = (null, null);
        try
        {
            const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;
            created = new RegexObject(new Regex(pattern, Options, MatchTimeout));
            return true;
        }
        catch (NotSupportedException)
        {
            fault = "look-around, back-references, atomic groups and very large repetitions are not available";
        }
        catch (ArgumentException e)
        {
            fault = e.Message;
        }

        return false;
    }

    /// <exception cref="RegexMatchTimeoutException">The text is so long that the match takes over a second.</exception>
    public override bool? Holds(Value item) =>
        item.TryAsHost<VslObject>(out var value) ? _regex.IsMatch(value.ToText())
        : item.TryAsString(out var text) ? _regex.IsMatch(text)
        : null;

    protected override bool Equals(VslObject other) => other is RegexObject && ToText() == other.ToText();

    protected override bool EqualsText(string text) => _regex.IsMatch(text);
}
