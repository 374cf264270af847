using Antlr4.Runtime;

namespace Vsmtp.Vsl.Parsing;

/// <summary>Source spans of tokens and productions.</summary>
internal static class Spans
{
    public static SourceSpan Of(ScriptFile file, IToken token)
    {
        var (line, column) = (token.Line, token.Column + 1);
        if (token.Type == TokenConstants.EOF || token.StartIndex < 0) return new SourceSpan(file.Path, line, column, line, column);
        // Not token.Text, which is made anew each time.
        var text = file.Text.AsSpan(token.StartIndex, token.StopIndex - token.StartIndex + 1);
        var breaks = text.Count('\n');
        return breaks == 0
            ? new SourceSpan(file.Path, line, column, line, column + text.Length)
            : new SourceSpan(file.Path, line, column, line + breaks, text.Length - text.LastIndexOf('\n'));
    }

    public static SourceSpan Of(ScriptFile file, ParserRuleContext context) =>
        Of(file, context.Start).To(Of(file, context.Stop ?? context.Start));
}
