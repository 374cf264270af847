using Antlr4.Runtime;
using Antlr4.Runtime.Atn;
using Antlr4.Runtime.Dfa;
using Vsmtp.Vsl.Generated;

namespace Vsmtp.Vsl.Parsing;

/// <summary>
/// Decides from one token whether an operand goes on. As a statement may end without ';', ANTLR would look ahead through
/// whole statements for the rare text in which the next one begins with '[', '(', '-' or '|'; here it never does.
/// </summary>
internal sealed class GreedyPrediction(Parser parser, ATN atn) : ParserATNSimulator(parser, atn, Decisions, Contexts)
{
    private static readonly DFA[] Decisions =
        [.. VslParser._ATN.decisionToState.Select((state, decision) => new DFA(state, decision))];

    private static readonly PredictionContextCache Contexts = new();

    public override int AdaptivePredict(ITokenStream input, int decision, ParserRuleContext outerContext)
    {
        var state = atn.GetDecisionState(decision);
        switch (state.ruleIndex)
        {
            case VslParser.RULE_path when state is not StarLoopEntryState && state.NumberOfTransitions == 2:
                var call = input.LA(1) == VslLexer.BANG ? input.LA(2) : input.LA(1);
                return call == VslLexer.LEFT_PAREN ? 1 : 2;
            case VslParser.RULE_operand or VslParser.RULE_leadingOperand
                or VslParser.RULE_expression or VslParser.RULE_expressionStatement
                when state is StarLoopEntryState:
            case VslParser.RULE_suffix or VslParser.RULE_returnStatement
                or VslParser.RULE_breakStatement or VslParser.RULE_throwStatement
                when state.NumberOfTransitions == 2:
                return atn.NextTokens(state.Transition(0).target).Contains(input.LA(1)) ? 1 : 2;
            default:
                return base.AdaptivePredict(input, decision, outerContext);
        }
    }
}
