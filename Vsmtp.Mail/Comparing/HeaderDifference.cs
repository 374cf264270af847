using System.Collections.Immutable;
using System.Text;
using Vsmtp.Mail.Headers;

namespace Vsmtp.Mail.Comparing;

/// <summary>What became of the fields of one name between two versions of a message.</summary>
/// <param name="Name">As the first of them spells it; empty for lines that are no fields.</param>
/// <param name="Before">Those that only the first version has, byte for byte.</param>
/// <param name="After">Those that only the second has.</param>
public sealed record HeaderDifference(string Name, ImmutableArray<HeaderField> Before, ImmutableArray<HeaderField> After)
{
    /// <summary>Both sections name by name, in the order of their first fields; where only the order differs there is no difference.</summary>
    /// <remarks>A field with other folds or letters is another one: a DKIM signature may hang on them (RFC 6376 §3.4.1).</remarks>
    public static ImmutableArray<HeaderDifference> Of(HeaderBlock before, HeaderBlock after)
    {
        var names = before.Fields.Concat(after.Fields).Select(field => field.Name).Distinct(StringComparer.OrdinalIgnoreCase);
        var (left, right) = (ByName(before), ByName(after));
        return
        [
            .. names.Select(name => new HeaderDifference(name, Without(left[name], right[name]), Without(right[name], left[name])))
                .Where(difference => difference.Before.Length + difference.After.Length > 0),
        ];
    }

    private static ILookup<string, HeaderField> ByName(HeaderBlock block) =>
        block.Fields.ToLookup(field => field.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Each field of the others takes one equal field away.</summary>
    private static ImmutableArray<HeaderField> Without(IEnumerable<HeaderField> fields, IEnumerable<HeaderField> others)
    {
        var counts = others.CountBy(Bytes).ToDictionary();
        return [.. fields.Where(field => !counts.TryGetValue(Bytes(field), out var left) || (counts[Bytes(field)] = left - 1) < 0)];
    }

    private static string Bytes(HeaderField field) => Encoding.Latin1.GetString(field.Raw.Span);
}
