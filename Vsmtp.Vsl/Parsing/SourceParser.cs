using Antlr4.Runtime;
using Vsmtp.Vsl.Binding;
using Vsmtp.Vsl.Generated;
using Vsmtp.Vsl.Syntax;

namespace Vsmtp.Vsl.Parsing;

/// <summary>From a text to its tree: lexer, checks of tokens and brackets, parser, tree builder.</summary>
internal static class SourceParser
{
    /// <param name="imports">The literal import paths, known even when the text has errors.</param>
    /// <returns>Null when the text has errors, which are then in <paramref name="diagnostics"/>.</returns>
    public static FileSyntax? Parse(
        ScriptFile file, DiagnosticBag diagnostics, ISet<string> storedNames, out IReadOnlyList<Identifier> imports)
    {
        var errors = new SyntaxErrors(file);
        var lexer = new VslLexer(new AntlrInputStream(file.Text), TextWriter.Null, TextWriter.Null);
        lexer.RemoveErrorListeners();
        var tokens = new TokenCheck(file.Path, errors).Check(lexer);
        imports = Imports(file, tokens);
        var context = ParseTokens(tokens, errors);
        if (!errors.Any && context is not null)
        {
            var syntax = new TreeBuilder(file, errors, storedNames).Build(context);
            if (!errors.Any) return syntax;
        }

        foreach (var diagnostic in errors.All) diagnostics.Add(diagnostic);
        return null;
    }

    private static List<Identifier> Imports(ScriptFile file, IList<IToken> tokens)
    {
        var imports = new List<Identifier>();
        for (var i = 0; i + 1 < tokens.Count; i++)
        {
            var next = tokens[i + 1];
            if (tokens[i].Type == VslLexer.IMPORT && next.Type == VslLexer.STRING)
                imports.Add(new Identifier(LiteralText.Quoted(next.Text, next.Column, out _), Spans.Of(file, next)));
        }

        return imports;
    }

    private static VslParser.FileContext? ParseTokens(IList<IToken> tokens, SyntaxErrors errors)
    {
        var parser = new VslParser(new CommonTokenStream(new ListTokenSource(tokens)), TextWriter.Null, TextWriter.Null)
        {
            ErrorHandler = new ErrorTexts(errors),
        };
        parser.RemoveErrorListeners();
        parser.PredictGreedily();
        try
        {
            return parser.file();
        }
        catch (NestingException e)
        {
            errors.Add(DiagnosticCodes.NestedTooDeeply, "this is nested too deeply", e.At);
            return null;
        }
    }
}
