using Antlr4.Runtime;
using Antlr4.Runtime.Misc;
using Vsmtp.Vsl.Generated;

namespace Vsmtp.Vsl.Parsing;

/// <summary>Says in words what the parser did not expect, and goes on behind the statement in which it was.</summary>
internal sealed class ErrorTexts(SyntaxErrors errors) : DefaultErrorStrategy
{
    private const int MaxListed = 4;

    private int _skippedTo = -1;

    public override void ReportError(Parser recognizer, RecognitionException e)
    {
        if (InErrorRecoveryMode(recognizer)) return;
        BeginErrorCondition(recognizer);
        var found = e.OffendingToken ?? recognizer.CurrentToken;
        Report(recognizer, found, e is InputMismatchException ? e.GetExpectedTokens() : null);
    }

    /// <summary>Between two statements everything that begins none is an error, and does not end the list.</summary>
    public override void Sync(Parser recognizer)
    {
        if (recognizer.Context is VslParser.StatementsContext)
        {
            var next = recognizer.CurrentToken;
            var wanted = recognizer.Atn.NextTokens(recognizer.Atn.states[recognizer.State]);
            if (next.Type is VslLexer.RIGHT_BRACE or TokenConstants.EOF || wanted.Contains(next.Type)) return;
            if (!InErrorRecoveryMode(recognizer)) ReportUnwantedToken(recognizer);
            SkipStatement(recognizer);
            return;
        }

        base.Sync(recognizer);
    }

    public override void Recover(Parser recognizer, RecognitionException e)
    {
        var at = recognizer.InputStream.Index;
        // The same error twice: the token behind it must go, or the parser would stay here for ever.
        var isRepeated = lastErrorIndex == at && lastErrorStates?.Contains(recognizer.State) == true;
        if (isRepeated && recognizer.CurrentToken.Type != TokenConstants.EOF)
            recognizer.Consume();
        lastErrorIndex = at;
        lastErrorStates ??= new IntervalSet();
        lastErrorStates.Add(recognizer.State);
        SkipStatement(recognizer);
    }

    protected override void ReportUnwantedToken(Parser recognizer)
    {
        if (InErrorRecoveryMode(recognizer)) return;
        BeginErrorCondition(recognizer);
        Report(recognizer, recognizer.CurrentToken, GetExpectedTokens(recognizer));
    }

    protected override void ReportMissingToken(Parser recognizer) => ReportUnwantedToken(recognizer);

    /// <summary>
    /// Up to the ';' or '}' that ends the statement, or a word that begins another, over whole pairs of brackets.
    /// </summary>
    private void SkipStatement(Parser recognizer)
    {
        var start = recognizer.InputStream.Index;
        if (start == _skippedTo) return;
        for (var depth = 0; recognizer.CurrentToken is { Type: not TokenConstants.EOF } token; recognizer.Consume())
        {
            if (depth == 0 && token.Type is VslLexer.SEMICOLON or VslLexer.RIGHT_BRACE) break;
            if (depth == 0 && recognizer.InputStream.Index > start && BeginsStatement(token)) break;
            if (TokenCheck.Opens(token)) depth++;
            else if (TokenCheck.Closes(token) && depth > 0) depth--;
        }

        // The productions around the faulty one fail here as well, one by one, and must not skip more.
        _skippedTo = recognizer.InputStream.Index;
    }

    private static bool BeginsStatement(IToken token) =>
        token.Type is VslLexer.LET or VslLexer.CONST or VslLexer.FN or VslLexer.PRIVATE or VslLexer.IMPORT or VslLexer.EXPORT;

    private void Report(Parser recognizer, IToken found, IntervalSet? expected)
    {
        // An unclosed bracket or string was reported already; what the parser finds behind it is an echo.
        if (errors.IsOnLine(found.Line) || (found.Type == TokenConstants.EOF && errors.Any)) return;
        var before = found.TokenIndex > 0 ? ((ITokenStream)recognizer.InputStream).Get(found.TokenIndex - 1) : null;
        var (code, text) = Special(recognizer, found, before, expected)
            ?? (DiagnosticCodes.Unexpected, $"unexpected {Name(found)}{Expected(recognizer, found, before, expected)}");
        errors.Add(code, text, found);
    }

    /// <summary>Mistakes that have a better explanation than a list of tokens.</summary>
    private static (string Code, string Text)? Special(Parser recognizer, IToken found, IToken? before, IntervalSet? expected)
    {
        var wantsName = expected is not null && expected.Contains(VslLexer.NAME) && !expected.Contains(VslLexer.INTEGER);
        var wantsValue = before is null || WantsValue(before);
        return found.Type switch
        {
            VslLexer.NOT when wantsValue =>
                (DiagnosticCodes.MisplacedOperator, "'not' compares two values ('a not b' is 'a != b'); use '!' to negate"),
            VslLexer.IS when wantsValue =>
                (DiagnosticCodes.MisplacedOperator, "'is' compares two values and needs one on its left"),
            VslLexer.ASSIGN when !wantsName =>
                (DiagnosticCodes.MisplacedOperator,
                    "'=' is a statement of its own, to assign to a variable, a property or an element; use '==' to compare"),
            VslLexer.ASSIGN_OPERATION =>
                (DiagnosticCodes.MisplacedOperator,
                    $"'{found.Text}' is a statement of its own, to change a variable, a property or an element"),
            VslLexer.COLON when before?.Type is VslLexer.NAME or VslLexer.STRING =>
                (DiagnosticCodes.Unexpected, "unexpected ':'; a map begins with '#{'"),
            VslLexer.ELSE => (DiagnosticCodes.Unexpected, "'else' has no 'if' before it"),
            VslLexer.CATCH => (DiagnosticCodes.Unexpected, "'catch' has no 'try' before it"),
            VslLexer.UNDERSCORE =>
                (DiagnosticCodes.UnderscoreAsName, "'_' is only the last case of a switch; it is not a name"),
            _ when before?.Type is VslLexer.RULE or VslLexer.ACTION =>
                (DiagnosticCodes.MalformedDirective, $"the name of '{before.Text}' must be a literal string"),
            _ when wantsName && IsWord(found) =>
                (DiagnosticCodes.WordAsName, $"'{found.Text}' is a word of the language and cannot be a name"
                    + (recognizer.Context is VslParser.MapContext or VslParser.MapEntryContext ? "; put the key in quotes" : "")),
            _ => null,
        };
    }

    private static string Expected(Parser recognizer, IToken found, IToken? before, IntervalSet? expected)
    {
        var rule = Outermost(recognizer.Context, found);
        if (expected?.Contains(VslLexer.LET) == true) return found.Type == TokenConstants.EOF ? "" : "; expected a statement";
        if (expected?.Contains(VslLexer.INTEGER) == true || (before is not null && WantsValue(before)))
            return $"; expected {Value(rule)}";
        if (expected is null) return "";
        if (rule is VslParser.DirectiveContext && expected.Contains(VslLexer.STRING))
            return "; expected the directive's name in quotes, as in: delegate SERVICE \"name\" || { }";
        if (expected.Contains(VslLexer.NAME))
            return rule is VslParser.MapContext or VslParser.MapEntryContext ? "; expected a key" : "; expected a name";
        var listed = expected.ToList().Where(t => t > 0).Select(recognizer.Vocabulary.GetLiteralName).OfType<string>(
            ).Distinct().ToList();
        // Behind an operand nearly every operator fits, which is not worth a list.
        listed = listed.Count > MaxListed
            ? [.. listed.Where(t => t is "','" or "')'" or "']'" or "'}'" or "'{'" or "';'" or "'=>'")]
            : listed;
        return listed.Count is 0 or > MaxListed ? "" : $"; expected {string.Join(" or ", listed)}";
    }

    /// <summary>The production that wanted a value: the one in which the value would only begin.</summary>
    private static ParserRuleContext Outermost(ParserRuleContext context, IToken found)
    {
        while (context.Start == found && context.Parent is ParserRuleContext parent) context = parent;
        return context;
    }

    private static string Value(RuleContext rule) => rule switch
    {
        VslParser.DirectiveContext => "the body of the directive: a closure or a map",
        VslParser.ClosureContext => "the body of the closure",
        _ => "a value",
    };

    /// <summary>Whether only a value can stand behind a token.</summary>
    private static bool WantsValue(IToken before) => before.Type
        is VslLexer.ASSIGN or VslLexer.ASSIGN_OPERATION or VslLexer.COMMA or VslLexer.COLON or VslLexer.SEMICOLON
        or VslLexer.LEFT_PAREN or VslLexer.LEFT_BRACKET or VslLexer.LEFT_BRACE
        or VslLexer.IF or VslLexer.WHILE or VslLexer.UNTIL or VslLexer.IN or VslLexer.RETURN
        or (>= VslLexer.OR_OR and <= VslLexer.BANG);

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
