using Vsmtp.Vsl;

namespace Vsmtp.Rules.Loading;

/// <summary>
/// Splits a script that has already been compiled into words, only to find the places of things: which stage key, which call.
/// Values have no places, and the syntax tree is not kept.
/// </summary>
internal sealed class ScriptWords
{
    private readonly ScriptFile _file;
    private readonly string _text;
    private readonly List<ScriptWord> _words = [];
    private int _at;
    private int _line = 1;
    private int _lineStart;
    private int _depth;

    private ScriptWords(ScriptFile file) => (_file, _text) = (file, file.Text);

    public static IReadOnlyList<ScriptWord> Of(ScriptFile file)
    {
        var words = new ScriptWords(file);
        while (words._at < words._text.Length) words.Next();
        return words._words;
    }

    private char Current => Peek(0);

    private char Peek(int ahead) => _at + ahead < _text.Length ? _text[_at + ahead] : '\0';

    private void Next()
    {
        var c = Current;
        if (c == '/' && Peek(1) == '/') SkipLine();
        else if (c == '/' && Peek(1) == '*') SkipBlockComment();
        else if (char.IsAsciiLetter(c) || c == '_') TakeName();
        else if (c is '"' or '\'') TakeQuoted(c);
        else if (c == '`') TakeTemplate();
        else if (char.IsWhiteSpace(c) || char.IsAsciiDigit(c)) Advance();
        else TakeMark();
    }

    private void Advance()
    {
        if (Current == '\n') (_line, _lineStart) = (_line + 1, _at + 1);
        _at++;
    }

    private void SkipLine()
    {
        while (_at < _text.Length && Current != '\n') Advance();
    }

    private void SkipBlockComment()
    {
        var depth = 0;
        do
        {
            var step = (Current, Peek(1)) switch { ('/', '*') => 1, ('*', '/') => -1, _ => 0 };
            depth += step;
            Advance();
            if (step != 0) Advance();
        }
        while (depth > 0 && _at < _text.Length);
    }

    private void TakeName()
    {
        var (start, place) = (_at, Place());
        while (char.IsAsciiLetterOrDigit(Current) || Current == '_') Advance();
        Add(ScriptWordKind.Name, _text[start.._at], place);
    }

    private void TakeQuoted(char quote)
    {
        var place = Place();
        Advance();
        var start = _at;
        while (_at < _text.Length && Current != quote)
        {
            if (Current == '\\') Advance();
            Advance();
        }

        Add(ScriptWordKind.String, _text[start..Math.Min(_at, _text.Length)], place);
        Advance();
    }

    private void TakeTemplate()
    {
        Advance();
        while (_at < _text.Length && Current != '`')
        {
            if (Current == '$' && Peek(1) == '{') TakeInterpolation();
            else Advance();
        }

        Advance();
    }

    private void TakeInterpolation()
    {
        Advance();
        var outside = _depth;
        do Next();
        while (_depth > outside && _at < _text.Length);
    }

    private void TakeMark()
    {
        var place = Place();
        var c = Current;
        if (c is '(' or '[' or '{') _depth++;
        Add(ScriptWordKind.Mark, c.ToString(), place);
        if (c is ')' or ']' or '}') _depth--;
        Advance();
    }

    private (int Line, int Column) Place() => (_line, _at - _lineStart + 1);

    private void Add(ScriptWordKind kind, string text, (int Line, int Column) place) =>
        _words.Add(new(kind, text, _depth, new SourceSpan(_file.Path, place.Line, place.Column, _line, _at - _lineStart + 1)));
}
