using Antlr4.Runtime;
using Vsmtp.Configuration.Generated;

namespace Vsmtp.Configuration.Toml;

/// <summary>Where to go on after a fault, so that one fault is one message.</summary>
internal static class TomlRecovery
{
    /// <summary>Bounds the parser's recursion.</summary>
    public const int MaxNesting = 64;

    // How far a closing bracket is looked for: every fault may look this far.
    private const int MaxLookAhead = 10_000;

    /// <summary>Looks through the line that begins at <paramref name="start"/>, with the lines that its brackets hold.</summary>
    /// <returns>The bracket that is one too deep; null: none is.</returns>
    public static IToken? FindTooDeep(ITokenStream tokens, int start)
    {
        var depth = 0;
        for (var i = start; i < tokens.Size; i++)
        {
            var token = tokens.Get(i);
            depth += Step(token);
            if (depth > MaxNesting)
            {
                return token;
            }

            if (depth <= 0 && token.Type == TomlLexer.NEWLINE)
            {
                return null;
            }
        }

        return null;
    }

    /// <summary>The line that begins at <paramref name="start"/> meant to be a header.</summary>
    public static bool IsHeaderAttempt(ITokenStream tokens, int start) =>
        tokens.Get(SkipBlanks(tokens, start)).Type == TomlLexer.LBRACKET;

    /// <summary>
    /// Finds the first token of the line behind the statement that began at <paramref name="start"/> and went wrong at
    /// <paramref name="offending"/>. A value that spans lines is left behind as a whole if its brackets close before the next
    /// header; else everything up to a line that looks like a statement.
    /// </summary>
    public static int FindNextLine(ITokenStream tokens, int start, int offending)
    {
        var depth = 0;
        for (var i = start; i <= offending; i++)
        {
            depth = Math.Max(0, depth + Step(tokens.Get(i)));
        }

        var next = LineAfter(tokens, offending);
        if (depth == 0 || IsHeaderAttempt(tokens, start))
        {
            return next;
        }

        return FindClosed(tokens, offending + 1, depth) ?? FindStatement(tokens, next);
    }

    private static int? FindClosed(ITokenStream tokens, int from, int depth)
    {
        // The fault may be at the end of the file, behind which there is no token.
        var end = Math.Min(from + MaxLookAhead, tokens.Size - 1);
        for (var i = from; i < end; i++)
        {
            depth += Step(tokens.Get(i));
            if (depth <= 0)
            {
                return LineAfter(tokens, i);
            }

            if (tokens.Get(i).Type == TomlLexer.NEWLINE && IsHeader(tokens, i + 1))
            {
                return null;
            }
        }

        return null;
    }

    private static int FindStatement(ITokenStream tokens, int from)
    {
        var i = from;
        while (tokens.Get(i).Type != TokenConstants.EOF && !IsHeader(tokens, i) && !IsKeyValue(tokens, i))
        {
            i = LineAfter(tokens, i);
        }

        return i;
    }

    private static int LineAfter(ITokenStream tokens, int from)
    {
        var i = from;
        while (tokens.Get(i).Type is not (TomlLexer.NEWLINE or TokenConstants.EOF))
        {
            i++;
        }

        return tokens.Get(i).Type == TomlLexer.NEWLINE ? i + 1 : i;
    }

    private static bool IsHeader(ITokenStream tokens, int from)
    {
        var i = SkipBlanks(tokens, from);
        if (tokens.Get(i).Type != TomlLexer.LBRACKET)
        {
            return false;
        }

        i = SkipKey(tokens, tokens.Get(i + 1).Type == TomlLexer.LBRACKET ? i + 2 : i + 1);
        if (tokens.Get(i).Type != TomlLexer.RBRACKET)
        {
            return false;
        }

        i = SkipBlanks(tokens, tokens.Get(i + 1).Type == TomlLexer.RBRACKET ? i + 2 : i + 1);
        return tokens.Get(i).Type is TomlLexer.NEWLINE or TomlLexer.COMMENT or TokenConstants.EOF;
    }

    private static bool IsKeyValue(ITokenStream tokens, int from)
    {
        var i = SkipKey(tokens, from);
        return i > from && tokens.Get(i).Type == TomlLexer.EQUALS;
    }

    private static int SkipKey(ITokenStream tokens, int from)
    {
        var i = from;
        while (tokens.Get(i).Type is TomlLexer.WS or TomlLexer.DOT or TomlLexer.BARE
               or TomlLexer.BASIC_STRING or TomlLexer.LITERAL_STRING)
        {
            i++;
        }

        return i;
    }

    private static int SkipBlanks(ITokenStream tokens, int from) =>
        tokens.Get(from).Type == TomlLexer.WS ? from + 1 : from;

    private static int Step(IToken token) => token.Type switch
    {
        TomlLexer.LBRACKET or TomlLexer.LBRACE => 1,
        TomlLexer.RBRACKET or TomlLexer.RBRACE => -1,
        _ => 0,
    };
}
