using Antlr4.Runtime;

namespace Vsmtp.Vsl.Parsing;

/// <summary>What the generated lexer asks about its input, and where comments and templates began.</summary>
public abstract class VslLexerBase(ICharStream input, TextWriter output, TextWriter errorOutput)
    : Lexer(input, output, errorOutput)
{
    private readonly Stack<(int Mode, int Line, int Column)> _opened = [];

    /// <summary>
    /// The innermost mode that is still open: a brace, a comment or a template. Null at the end of a sound file.
    /// </summary>
    internal (int Mode, int Line, int Column)? Unclosed => _opened.TryPeek(out var last) ? last : null;

    public override void PushMode(int m)
    {
        _opened.Push((m, TokenStartLine, TokenStartColumn));
        base.PushMode(m);
    }

    public override int PopMode()
    {
        // A '}' too many closes nothing; the parser reports it.
        if (!_opened.TryPop(out _)) return CurrentMode;
        return base.PopMode();
    }

    /// <summary>Whether a number may end with the point just read: not in <c>1..5</c> and <c>1.len</c>.</summary>
    protected bool PointEndsNumber()
    {
        var next = InputStream.LA(1);
        return next is not ('.' or '_' or (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9'));
    }
}
