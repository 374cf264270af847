using System.Globalization;
using System.Text;
using Antlr4.Runtime;
using Vsmtp.Configuration.Generated;

namespace Vsmtp.Configuration.Toml;

/// <summary>What the parser stumbled over, in words of TOML and not of the grammar.</summary>
internal static class TomlSyntaxMessage
{
    private const int MaxQuoted = 20;

    public static string For(RecognitionException fault)
    {
        var token = fault.OffendingToken;
        return token.Type switch
        {
            TomlLexer.OPEN_STRING => "the string is not closed on its line",
            TomlLexer.OPEN_ML_STRING => "the multi-line string is never closed",
            TomlLexer.NEWLINE when IsInInlineTable(fault.Context) => "an inline table ends on the line where it began",
            _ => $"expected {Expected(fault)}, found {Describe(token)}",
        };
    }

    private static string Expected(RecognitionException fault) => fault.Context switch
    {
        TomlParser.LineContext line => line.statement() is null ? "a key or a table header" : "the end of the line",
        TomlParser.KeyContext or TomlParser.SimpleKeyContext => "a key",
        TomlParser.KeyValueContext keyValue => keyValue.key() is null ? "a key" : "'=' behind the key",
        TomlParser.TableHeaderContext => "']' behind the table's name",
        TomlParser.ArrayHeaderContext => "']]' behind the table's name",
        TomlParser.ArrayContext array => array.value().Length == 0 ? "a value or ']'" : "',' or ']'",
        TomlParser.InlineTableContext table => table.keyValue().Length == 0 ? "a key or '}'" : "',' or '}'",
        _ => "a value",
    };

    private static bool IsInInlineTable(RuleContext? context)
    {
        for (; context is not null; context = context.Parent)
        {
            if (context is TomlParser.InlineTableContext)
            {
                return true;
            }

            if (context is TomlParser.ArrayContext)
            {
                return false;
            }
        }

        return false;
    }

    private static string Describe(IToken token) => token.Type switch
    {
        TokenConstants.EOF => "the end of the file",
        TomlLexer.NEWLINE => "the end of the line",
        TomlLexer.COMMENT => "a comment",
        TomlLexer.WS => "a blank",
        TomlLexer.ML_BASIC_STRING or TomlLexer.ML_LITERAL_STRING => "a multi-line string",
        TomlLexer.BASIC_STRING or TomlLexer.LITERAL_STRING => "a string",
        _ => Quote(token.Text),
    };

    private static string Quote(string text)
    {
        var isPlain = text.All(c => !char.IsControl(c) && !char.IsWhiteSpace(c) && char.GetUnicodeCategory(c) is not
            (UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse));
        if (!isPlain)
        {
            return $"the character U+{(int)text[0]:X4}";
        }

        return text.Length <= MaxQuoted ? $"'{text}'" : $"'{text.AsSpan(0, MaxQuoted)}…'";
    }
}
