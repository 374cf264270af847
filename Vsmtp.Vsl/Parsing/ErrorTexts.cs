using Antlr4.Runtime;
using Antlr4.Runtime.Misc;
using Vsmtp.Vsl.Generated;

namespace Vsmtp.Vsl.Parsing;

/// <summary>Says in words what the parser did not expect; its recovery is ANTLR's own.</summary>
internal sealed class ErrorTexts(SyntaxErrors errors) : DefaultErrorStrategy
{
    private const int MaxListed = 4;

    public override void ReportError(Parser recognizer, RecognitionException e)
    {
        if (InErrorRecoveryMode(recognizer)) return;
        BeginErrorCondition(recognizer);
        var expected = e is InputMismatchException ? e.GetExpectedTokens() : recognizer.GetExpectedTokens();
        Report(recognizer, e.OffendingToken ?? recognizer.CurrentToken, expected);
    }

    protected override void ReportUnwantedToken(Parser recognizer)
    {
        if (InErrorRecoveryMode(recognizer)) return;
        BeginErrorCondition(recognizer);
        Report(recognizer, recognizer.CurrentToken, GetExpectedTokens(recognizer));
    }

    protected override void ReportMissingToken(Parser recognizer) => ReportUnwantedToken(recognizer);

    private void Report(Parser recognizer, IToken found, IntervalSet? expected)
    {
        // An unclosed bracket or string was reported already; what the parser finds behind it is an echo.
        if (errors.IsOnLine(found.Line) || (found.Type == TokenConstants.EOF && errors.Any)) return;
        errors.Add(Special(recognizer, found, expected) ?? $"unexpected {Name(found)}{Expected(recognizer, found, expected)}", found);
    }

    /// <summary>Mistakes that have a better explanation than a list of tokens.</summary>
    private static string? Special(Parser recognizer, IToken found, IntervalSet? expected)
    {
        var before = recognizer.InputStream.Index > 0 ? ((ITokenStream)recognizer.InputStream).LT(-1) : null;
        var wantsName = expected is not null && expected.Contains(VslLexer.NAME) && !expected.Contains(VslLexer.INTEGER);
        var wantsExpression = expected is not null && expected.Contains(VslLexer.NAME) && expected.Contains(VslLexer.INTEGER);
        return found.Type switch
        {
            VslLexer.NOT when wantsExpression => "'not' compares two values ('a not b' is 'a != b'); use '!' to negate",
            VslLexer.IS when wantsExpression => "'is' compares two values and needs one on its left",
            VslLexer.ASSIGN when !wantsName => "'=' assigns and is a statement of its own; use '==' to compare",
            VslLexer.ASSIGN_OPERATION => $"'{found.Text}' assigns and is a statement of its own",
            VslLexer.COLON when before?.Type is VslLexer.NAME or VslLexer.STRING => "unexpected ':'; a map begins with '#{'",
            VslLexer.ELSE => "'else' has no 'if' before it",
            VslLexer.CATCH => "'catch' has no 'try' before it",
            VslLexer.UNDERSCORE => "'_' is only the last case of a switch; it is not a name",
            _ when wantsName && IsWord(found) => $"'{found.Text}' is a word of the language and cannot be a name"
                + (recognizer.Context is VslParser.MapContext or VslParser.MapEntryContext ? "; put the key in quotes" : ""),
            _ when before?.Type is VslLexer.RULE or VslLexer.ACTION => $"the name of '{before.Text}' must be a literal string",
            _ => null,
        };
    }

    private static string Expected(Parser recognizer, IToken found, IntervalSet? expected)
    {
        if (expected is null || expected.Count == 0) return "";
        var rule = recognizer.Context;
        if (expected.Contains(VslLexer.LET)) return found.Type == TokenConstants.EOF ? "" : "; expected a statement";
        if (expected.Contains(VslLexer.INTEGER)) return $"; expected {Article(rule)}";
        if (rule is VslParser.DirectiveContext && expected.Contains(VslLexer.STRING))
            return "; expected the directive's name in quotes, as in: delegate SERVICE \"name\" || { }";
        if (expected.Contains(VslLexer.NAME)) return rule is VslParser.MapContext or VslParser.MapEntryContext ? "; expected a key" : "; expected a name";
        var listed = expected.ToList().Where(t => t > 0).Select(t => recognizer.Vocabulary.GetLiteralName(t)).OfType<string>().Distinct().ToList();
        // Behind an operand nearly every operator fits, which is not worth a list.
        listed = listed.Count > MaxListed ? [.. listed.Where(t => t is "','" or "')'" or "']'" or "'}'" or "'{'" or "';'" or "'=>'")] : listed;
        return listed.Count is 0 or > MaxListed ? "" : $"; expected {string.Join(" or ", listed)}";
    }

    private static string Article(RuleContext rule) => rule switch
    {
        VslParser.DirectiveContext => "the body of the directive: a closure or a map",
        VslParser.ClosureContext => "the body of the closure",
        _ => "a value",
    };

    private static string Name(IToken token) => token.Type switch
    {
        TokenConstants.EOF => "end of file",
        VslLexer.STRING => "string",
        VslLexer.TEMPLATE_START => "text in back-ticks",
        VslLexer.INTEGER or VslLexer.FLOAT => $"number {token.Text}",
        VslLexer.NAME => $"name '{token.Text}'",
        _ => $"'{token.Text}'",
    };

    private static bool IsWord(IToken token) => token.Text.Length > 0 && char.IsAsciiLetter(token.Text[0]);
}
