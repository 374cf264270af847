using Antlr4.Runtime;

namespace Vsmtp.Vsl.Parsing;

/// <summary>Source spans of tokens and productions.</summary>
internal static class Spans
{
    public static SourceSpan Of(string file, IToken token)
    {
        var (line, column) = (token.Line, token.Column + 1);
        if (token.Type == TokenConstants.EOF) return new SourceSpan(file, line, column, line, column);
        var text = token.Text;
        var breaks = text.Count(c => c == '\n');
        return breaks == 0
            ? new SourceSpan(file, line, column, line, column + text.Length)
            : new SourceSpan(file, line, column, line + breaks, text.Length - text.LastIndexOf('\n'));
    }

    public static SourceSpan Of(string file, ParserRuleContext context) =>
        Of(file, context.Start).To(Of(file, context.Stop ?? context.Start));
}
