using System.Text;
using Antlr4.Runtime;
using Vsmtp.Vsl.Generated;
using Vsmtp.Vsl.Syntax;
using Vsmtp.Vsl.Syntax.Expressions;
using Vsmtp.Vsl.Syntax.Statements;

namespace Vsmtp.Vsl.Parsing;

/// <summary>Numbers, texts and templates.</summary>
internal sealed partial class TreeBuilder
{
    // literal : INTEGER | FLOAT | STRING | CHARACTER | TRUE | FALSE
    public override Node VisitLiteral(VslParser.LiteralContext context)
    {
        var token = context.Start;
        switch (token.Type)
        {
            case VslLexer.INTEGER or VslLexer.FLOAT:
                return Number(token, negative: false, SpanOf(token));
            case VslLexer.STRING:
                var text = Text(token);
                storedNames.Add(text);
                return new Literal(text, SpanOf(token));
            case VslLexer.CHARACTER:
                return new Literal(Character(token), SpanOf(token));
            default:
                return new Literal(token.Type == VslLexer.TRUE, SpanOf(token));
        }
    }

    // template : TEMPLATE_START templatePart* TEMPLATE_END
    public override Node VisitTemplate(VslParser.TemplateContext context)
    {
        var parts = new List<Node>();
        var texts = new StringBuilder();
        var isFirst = true;
        foreach (var part in context.templatePart())
        {
            if (part is VslParser.TemplateTextContext text) texts.Append(TemplateText(text, isFirst));
            else
            {
                AddText(parts, texts, SpanOf(part));
                parts.Add(Visit(part));
            }

            isFirst = false;
        }

        AddText(parts, texts, SpanOf(context));
        return new Template([.. parts], SpanOf(context));
    }

    // templateHole : TEMPLATE_OPEN statements RIGHT_BRACE
    public override Node VisitTemplateHole(VslParser.TemplateHoleContext context) =>
        new Block(Statements(context.statements()), SpanOf(context));

    // templateText : TEMPLATE_TEXT; a line break right behind the opening back-tick does not count (language §2.4).
    private static string TemplateText(VslParser.TemplateTextContext context, bool isFirst)
    {
        var text = LiteralText.TemplateText(context.GetText());
        return isFirst && text.StartsWith('\n') ? text[1..] : text;
    }

    private static void AddText(List<Node> parts, StringBuilder texts, SourceSpan span)
    {
        if (texts.Length > 0) parts.Add(new Literal(texts.ToString(), span));
        texts.Clear();
    }

    private Literal Number(IToken token, bool negative, SourceSpan span)
    {
        var value = token.Type == VslLexer.INTEGER
            ? LiteralText.Integer(token.Text, negative)
            : LiteralText.Float(token.Text, negative);
        if (value is null) errors.Add(DiagnosticCodes.MalformedNumber, $"malformed number '{token.Text}'", token);
        return new Literal(value ?? Value.Unit, span);
    }

    private string Text(IToken token)
    {
        var text = LiteralText.Quoted(token.Text, token.Column, out var error);
        if (error is var (message, offset, length))
        {
            var span = SpanOf(token);
            // Behind a continuation the offset says nothing of the column, so the whole literal is marked.
            var at = span with { Column = span.Column + offset, EndColumn = span.Column + offset + length };
            errors.Add(DiagnosticCodes.MalformedEscape, message, span.Line == span.EndLine ? at : span);
        }

        return text;
    }

    private Value Character(IToken token)
    {
        var text = Text(token);
        if (text.Length > 0 && Rune.TryGetRuneAt(text, 0, out var rune) && rune.Utf16SequenceLength == text.Length) return rune;
        if (!errors.IsOnLine(token.Line))
            errors.Add(DiagnosticCodes.MalformedCharacter, $"a character literal {(text.Length == 0 ? "needs" : "holds exactly")} one character", token);
        return Value.Unit;
    }
}
