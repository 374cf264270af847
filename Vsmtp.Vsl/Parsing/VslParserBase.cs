using Antlr4.Runtime;

namespace Vsmtp.Vsl.Parsing;

/// <summary>Bounds how deep the generated parser goes, so that no text can overflow the stack.</summary>
public abstract class VslParserBase(ITokenStream input, TextWriter output, TextWriter errorOutput)
    : Parser(input, output, errorOutput)
{
    /// <summary>Productions inside each other; a pair of parentheses takes five to six.</summary>
    private const int MaxDepth = 800;

    private int _depth;

    internal void PredictGreedily() => Interpreter = new GreedyPrediction(this, Atn);

    public override void EnterRule(ParserRuleContext localctx, int state, int ruleIndex)
    {
        if (++_depth > MaxDepth) throw new NestingException(CurrentToken);
        base.EnterRule(localctx, state, ruleIndex);
    }

    public override void ExitRule()
    {
        _depth--;
        base.ExitRule();
    }
}
