using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Vsmtp.Smtp.Server.Authentication;

/// <summary>
/// Unicode's normal form KC (UAX #15), in version 3.2 as RFC 3454 §4 wants it: .NET has none where it runs without ICU. The tables are made by
/// eng/generate-normalization.
/// </summary>
internal sealed class Nfkc
{
    // Hangul is computed (Unicode 3.2, section 3.12).
    private const int Syllables = 0xAC00;
    private const int Leads = 0x1100;
    private const int Vowels = 0x1161;
    private const int Tails = 0x11A7;
    private const int LeadCount = 19;
    private const int VowelCount = 21;
    private const int TailCount = 28;
    private const int SyllableCount = LeadCount * VowelCount * TailCount;

    private static readonly Lazy<Nfkc> Tables = new(() => new Nfkc());

    private readonly FrozenDictionary<int, int[]> _decompositions;
    private readonly FrozenDictionary<int, byte> _classes;
    private readonly FrozenDictionary<(int First, int Second), int> _compositions;

    private Nfkc()
    {
        var decompositions = new Dictionary<int, int[]>();
        var classes = new Dictionary<int, byte>();
        var compositions = new Dictionary<(int, int), int>();
        using var resource = typeof(Nfkc).Assembly.GetManifestResourceStream("nfkc-unicode-3.2.txt")!;
        using var reader = new StreamReader(resource);
        var table = "";
        while (reader.ReadLine() is { } line)
        {
            var codes = line.Split(' ', '=');
            if (codes is [var name]) table = name;
            else if (table == "decompose") decompositions.Add(Code(codes[0]), [.. codes[1..].Select(Code)]);
            else if (table == "compose") compositions.Add((Code(codes[0]), Code(codes[1])), Code(codes[2]));
            else foreach (var code in Range(codes[0], codes[1])) classes.Add(code, byte.Parse(codes[2], CultureInfo.InvariantCulture));
        }

        _decompositions = decompositions.ToFrozenDictionary();
        _classes = classes.ToFrozenDictionary();
        _compositions = compositions.ToFrozenDictionary();
    }

    /// <param name="text">Well-formed.</param>
    public static string Normalize(string text) => Ascii.IsValid(text) ? text : Tables.Value.Compose(text);

    private string Compose(string text)
    {
        var codes = Decompose(text);
        var starter = -1;
        var lastClass = -1;
        var length = 0;
        foreach (var code in codes)
        {
            var own = ClassOf(code);
            // Blocked: between the two stands one of no class, or of one that is no lower.
            if (starter >= 0 && (lastClass < own || lastClass < 0) && Pair(codes[starter], code) is { } one)
            {
                codes[starter] = one;
                continue;
            }

            if (own == 0) (starter, lastClass) = (length, -1);
            else lastClass = own;
            codes[length++] = code;
        }

        var composed = new StringBuilder(length);
        for (var i = 0; i < length; i++) composed.Append(new Rune(codes[i]).ToString());
        return composed.ToString();
    }

    private int[] Decompose(string text)
    {
        var codes = new List<int>(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value - Syllables is >= 0 and < SyllableCount and var syllable)
            {
                codes.Add(Leads + (syllable / (VowelCount * TailCount)));
                codes.Add(Vowels + (syllable % (VowelCount * TailCount) / TailCount));
                if (syllable % TailCount is > 0 and var tail) codes.Add(Tails + tail);
            }
            else if (_decompositions.TryGetValue(rune.Value, out var parts))
            {
                codes.AddRange(parts);
            }
            else
            {
                codes.Add(rune.Value);
            }
        }

        return Order(codes);
    }

    /// <summary>Marks that follow each other by their classes; those of one class stay as they are.</summary>
    private int[] Order(List<int> codes)
    {
        var ordered = new List<int>(codes.Count);
        for (var i = 0; i < codes.Count;)
        {
            var end = i;
            while (end < codes.Count && ClassOf(codes[end]) != 0) end++;
            ordered.AddRange(codes[i..end].OrderBy(ClassOf));
            if (end < codes.Count) ordered.Add(codes[end]);
            i = end + 1;
        }

        return [.. ordered];
    }

    private int ClassOf(int code) => _classes.GetValueOrDefault(code);

    private int? Pair(int first, int second)
    {
        if (first - Leads is >= 0 and < LeadCount and var lead && second - Vowels is >= 0 and < VowelCount and var vowel)
            return Syllables + (((lead * VowelCount) + vowel) * TailCount);
        var hasNoTail = first - Syllables is >= 0 and < SyllableCount and var syllable && syllable % TailCount == 0;
        if (hasNoTail && second - Tails is > 0 and < TailCount and var tail) return first + tail;
        return _compositions.TryGetValue((first, second), out var one) ? one : null;
    }

    private static IEnumerable<int> Range(string first, string last) => Enumerable.Range(Code(first), Code(last) - Code(first) + 1);

    private static int Code(string hex) => int.Parse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
