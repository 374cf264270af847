using System.Text;
using System.Text.RegularExpressions;

namespace Vsmtp.Vsl.Tests.Fuzzing;

/// <summary>Spoils a text: removes, doubles, exchanges and invents tokens and bytes.</summary>
internal static partial class ScriptMutator
{
    private static readonly string[] Strangers =
        ["{", "}", "(", ")", "[", "]", "#{", "`", "${", "\"", "'", "/*", "*/", ";", ",", "::", "=>", "||", "fn", "let", "rule", "object", "not", "_", "\0", "\uFFFF", "\ud800", "😀", "9999999999999999999999"];

    public static string Mutate(Random random, string source)
    {
        for (var i = 1 + random.Next(4); i > 0; i--) source = random.Next(2) == 0 ? Tokens(random, source) : Characters(random, source);
        return source;
    }

    private static string Tokens(Random random, string source)
    {
        var tokens = Token().Matches(source).Select(m => m.Value).ToList();
        if (tokens.Count == 0) return Strangers[random.Next(Strangers.Length)];
        var (at, other) = (random.Next(tokens.Count), random.Next(tokens.Count));
        switch (random.Next(5))
        {
            case 0: tokens.RemoveAt(at); break;
            case 1: tokens.Insert(at, tokens[other]); break;
            case 2: (tokens[at], tokens[other]) = (tokens[other], tokens[at]); break;
            case 3: tokens.RemoveRange(at, random.Next(Math.Min(8, tokens.Count - at) + 1)); break;
            default: tokens.Insert(at, Strangers[random.Next(Strangers.Length)]); break;
        }

        return string.Concat(tokens);
    }

    private static string Characters(Random random, string source)
    {
        var text = new StringBuilder(source);
        var at = random.Next(source.Length + 1);
        switch (random.Next(4))
        {
            case 0 when at < source.Length: text.Remove(at, 1); break;
            case 1 when at < source.Length: text[at] = (char)random.Next(1, 0x180); break;
            case 2 when at < source.Length: text.Insert(at, text[at].ToString(), random.Next(1, 40)); break;
            default: text.Length = at; break;
        }

        return text.ToString();
    }

    [GeneratedRegex(@"\w+|\s+|.", RegexOptions.Singleline)]
    private static partial Regex Token();
}
