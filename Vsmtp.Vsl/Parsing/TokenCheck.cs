using Antlr4.Runtime;
using Vsmtp.Vsl.Generated;

namespace Vsmtp.Vsl.Parsing;

/// <summary>
/// Reads all tokens and reports what is wrong with single ones and with brackets, in words the parser could not find.
/// </summary>
internal sealed class TokenCheck(string path, SyntaxErrors errors)
{
    private readonly Stack<IToken> _open = [];

    public static bool Opens(IToken token) => token.Type is VslLexer.LEFT_PAREN or VslLexer.LEFT_BRACKET or VslLexer.SAFE_BRACKET
        or VslLexer.LEFT_BRACE or VslLexer.MAP_OPEN or VslLexer.TEMPLATE_OPEN;

    public static bool Closes(IToken token) =>
        token.Type is VslLexer.RIGHT_PAREN or VslLexer.RIGHT_BRACKET or VslLexer.RIGHT_BRACE;

    /// <returns>The tokens that the parser shall see: faulty ones repaired or left out, so that it goes on.</returns>
    public IList<IToken> Check(VslLexer lexer)
    {
        var kept = new List<IToken>();
        IToken token;
        do
        {
            token = lexer.NextToken();
            if (Repair(token) && CheckBracket(token)) kept.Add(token);
        }
        while (token.Type != TokenConstants.EOF);

        CheckEnd(lexer);
        return kept;
    }

    /// <returns>False: the token is to be left out.</returns>
    private bool Repair(IToken token)
    {
        switch (token.Type)
        {
            case VslLexer.UNTERMINATED_STRING:
                errors.Add(DiagnosticCodes.NotClosed, "this string is not closed on its line", token);
                return Retype(token, VslLexer.STRING);
            case VslLexer.UNTERMINATED_CHARACTER:
                errors.Add(DiagnosticCodes.NotClosed, "this character is not closed on its line", token);
                return Retype(token, VslLexer.CHARACTER);
            case VslLexer.RESERVED_WORD:
                errors.Add(DiagnosticCodes.WordAsName, $"'{token.Text}' is a reserved word and cannot be a name", token);
                return Retype(token, VslLexer.NAME);
            case VslLexer.RESERVED_SYMBOL:
                errors.Add(DiagnosticCodes.ReservedSymbol, $"'{token.Text}' is a reserved symbol{Hint(token.Text)}", token);
                return false;
            case VslLexer.UNKNOWN:
                errors.Add(DiagnosticCodes.UnknownCharacter, $"unexpected character '{token.Text}'", token);
                return false;
            default:
                return true;
        }
    }

    private static bool Retype(IToken token, int type)
    {
        ((IWritableToken)token).Type = type;
        return true;
    }

    private static string Hint(string symbol) => symbol switch
    {
        "===" => "; '==' compares",
        "!==" => "; '!=' compares",
        "->" => "; a switch case is written with '=>'",
        ":=" => "; '=' assigns",
        "++" => "; write 'x += 1'",
        "--" => "; write 'x -= 1'",
        "#" => "; a map begins with '#{'",
        _ => "",
    };

    /// <returns>False: a bracket that closes nothing; without it the parser can go on.</returns>
    private bool CheckBracket(IToken token)
    {
        if (Opens(token)) _open.Push(token);
        if (!Closes(token)) return true;
        if (!_open.TryPop(out var opened))
        {
            errors.Add(DiagnosticCodes.WrongBracket, $"'{token.Text}' closes nothing", token);
            return false;
        }

        if (ClosingOf(opened) != token.Type)
        {
            errors.Add(
                DiagnosticCodes.WrongBracket, $"'{token.Text}' does not close '{opened.Text}'", errors.SpanOf(token), OpenedHere(opened));
        }

        return true;
    }

    private void CheckEnd(VslLexer lexer)
    {
        if (lexer.Unclosed is { Mode: VslLexer.COMMENT } comment)
        {
            errors.Add(DiagnosticCodes.NotClosed, "this comment is never closed with '*/'", At(comment.Line, comment.Column, 2));
            return;
        }

        if (lexer.Unclosed is { Mode: VslLexer.TEMPLATE } template)
        {
            errors.Add(DiagnosticCodes.NotClosed, "this text is never closed with '`'", At(template.Line, template.Column, 1));
            return;
        }

        // The innermost one is named: the others are most often open only because it is.
        if (_open.TryPeek(out var open) && !errors.Any)
            errors.Add(DiagnosticCodes.NotClosed, $"'{open.Text}' is never closed", open);
    }

    private SourceSpan At(int line, int column, int length) => new(path, line, column + 1, line, column + 1 + length);

    private Diagnostic OpenedHere(IToken opened) => Diagnostic.Note("it is opened here", errors.SpanOf(opened));

    private static int ClosingOf(IToken opened) => opened.Type switch
    {
        VslLexer.LEFT_PAREN => VslLexer.RIGHT_PAREN,
        VslLexer.LEFT_BRACKET or VslLexer.SAFE_BRACKET => VslLexer.RIGHT_BRACKET,
        _ => VslLexer.RIGHT_BRACE,
    };
}
