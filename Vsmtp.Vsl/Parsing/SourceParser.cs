using Antlr4.Runtime;
using Antlr4.Runtime.Atn;
using Vsmtp.Vsl.Binding;
using Vsmtp.Vsl.Generated;

namespace Vsmtp.Vsl.Parsing;

/// <summary>From a text to its tree: lexer, checks of tokens and brackets, parser, tree builder.</summary>
internal static class SourceParser
{
    /// <returns>Null when the text has errors, which are then in <paramref name="diagnostics"/>.</returns>
    public static FileSyntax? Parse(ScriptFile file, DiagnosticBag diagnostics, ISet<string> storedNames)
    {
        var errors = new SyntaxErrors(file);
        var lexer = new VslLexer(new AntlrInputStream(file.Text), TextWriter.Null, TextWriter.Null);
        lexer.RemoveErrorListeners();
        var tokens = new TokenCheck(file.Path, errors).Check(lexer);
        var context = ParseTokens(tokens, errors);
        if (!errors.Any && context is not null)
        {
            var syntax = new TreeBuilder(file, errors, storedNames).Build(context);
            if (!errors.Any) return syntax;
        }

        foreach (var diagnostic in errors.All) diagnostics.Add(diagnostic);
        return null;
    }

    private static VslParser.FileContext? ParseTokens(IList<IToken> tokens, SyntaxErrors errors)
    {
        var parser = new VslParser(new CommonTokenStream(new ListTokenSource(tokens)), TextWriter.Null, TextWriter.Null)
        {
            ErrorHandler = new ErrorTexts(errors),
        };
        parser.RemoveErrorListeners();
        parser.Interpreter.PredictionMode = PredictionMode.LL;
        try
        {
            return parser.file();
        }
        catch (NestingException e)
        {
            errors.Add("this is nested too deeply", e.At);
            return null;
        }
    }
}
