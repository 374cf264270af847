using Antlr4.Runtime;
using Antlr4.Runtime.Tree;
using Vsmtp.Vsl.Binding;
using Vsmtp.Vsl.Evaluation;
using Vsmtp.Vsl.Generated;
using Vsmtp.Vsl.Syntax;
using Vsmtp.Vsl.Syntax.Expressions;
using Vsmtp.Vsl.Syntax.Statements;

namespace Vsmtp.Vsl.Parsing;

/// <summary>Builds our tree from a parse tree without errors. Nothing else knows ANTLR's trees.</summary>
internal sealed partial class TreeBuilder(ScriptFile file, SyntaxErrors errors, ISet<string> storedNames)
    : VslParserBaseVisitor<Node>
{
    private readonly List<FunctionDeclaration> _functions = [];
    private readonly List<Import> _imports = [];
    private readonly HashSet<string> _changedNames = [];
    private bool _isCopying;

    public FileSyntax Build(VslParser.FileContext context)
    {
        var topLevel = new Block(Statements(context.statements()), SpanOf(context), isTopLevel: true);
        return new FileSyntax(file.Path, topLevel, _functions, _imports, _changedNames);
    }

    // block : LEFT_BRACE statements RIGHT_BRACE
    public override Node VisitBlock(VslParser.BlockContext context) =>
        new Block(Statements(context.statements()), SpanOf(context));

    // letStatement : LET name (ASSIGN expression)?
    public override Node VisitLetStatement(VslParser.LetStatementContext context) => Let(context, isExported: false);

    // constStatement : CONST name ASSIGN expression
    public override Node VisitConstStatement(VslParser.ConstStatementContext context) => Const(context, isExported: false);

    // functionDeclaration : PRIVATE? FN name LEFT_PAREN parameters? RIGHT_PAREN block
    public override Node VisitFunctionDeclaration(VslParser.FunctionDeclarationContext context)
    {
        var declaration = new FunctionDeclaration(
            Name(context.name()), Parameters(context.parameters()), Visit(context.block()), () => Copy(context.block()),
            context.PRIVATE() is not null, SpanOf(context));
        if (!_isCopying) _functions.Add(declaration);
        return declaration;
    }

    // importStatement : IMPORT expression (AS name)?
    public override Node VisitImportStatement(VslParser.ImportStatementContext context)
    {
        var import = new Import(Visit(context.expression()), OptionalName(context.name()), SpanOf(context));
        if (!_isCopying) _imports.Add(import);
        return import;
    }

    // exportStatement : EXPORT (letStatement | constStatement | name (AS name)?)
    public override Node VisitExportStatement(VslParser.ExportStatementContext context)
    {
        if (context.letStatement() is { } let) return Let(let, isExported: true);
        if (context.constStatement() is { } constant) return Const(constant, isExported: true);
        return new Export(Name(context.name(0)), Name(context.name().Last()), SpanOf(context));
    }

    // breakStatement : BREAK expression?
    public override Node VisitBreakStatement(VslParser.BreakStatementContext context) =>
        new Leave(Signal.Break, Optional(context.expression()), SpanOf(context));

    // continueStatement : CONTINUE
    public override Node VisitContinueStatement(VslParser.ContinueStatementContext context) =>
        new Leave(Signal.Continue, null, SpanOf(context));

    // returnStatement : RETURN expression?
    public override Node VisitReturnStatement(VslParser.ReturnStatementContext context) =>
        new Leave(Signal.Return, Optional(context.expression()), SpanOf(context));

    // throwStatement : THROW expression?
    public override Node VisitThrowStatement(VslParser.ThrowStatementContext context) =>
        new Throw(Optional(context.expression()), SpanOf(context));

    // tryStatement : TRY block CATCH (LEFT_PAREN name RIGHT_PAREN)? block
    public override Node VisitTryStatement(VslParser.TryStatementContext context) =>
        new Try(Visit(context.block(0)), OptionalName(context.name()), Visit(context.block(1)), SpanOf(context));

    // expressionStatement : assignable suffix* (assignmentOperator expression | (binaryOperator operand)*)
    //                     | leadingOperand (binaryOperator operand)* | openExpression
    public override Node VisitExpressionStatement(VslParser.ExpressionStatementContext context)
    {
        if (context.openExpression() is { } open) return Visit(open);
        var first = context.leadingOperand() is { } leading
            ? Visit(leading)
            : Suffixes(Visit(context.assignable()), context.suffix());
        if (context.assignmentOperator() is not { } sign) return Chain(first, context.binaryOperator(), context.operand());
        if (first is Member member) storedNames.Add(member.Name);
        if (first is Variable variable) _changedNames.Add(variable.Name);
        if (first is ThisExpression) _changedNames.Add(FileSyntax.This);
        BinaryOperator? operation = sign.ASSIGN() is not null ? null : Precedence.OfAssignment(sign.GetText());
        return new Assignment(first, operation, Visit(context.expression()), SpanOf(context));
    }

    // ifExpression : IF expression block (ELSE IF expression block)* (ELSE block)?
    public override Node VisitIfExpression(VslParser.IfExpressionContext context)
    {
        var conditions = VisitAll(context.expression());
        var blocks = VisitAll(context.block());
        var otherwise = blocks.Length > conditions.Length ? blocks[^1] : null;
        return new If(conditions, blocks[..conditions.Length], otherwise, SpanOf(context));
    }

    // switchExpression : SWITCH expression LEFT_BRACE (switchCase COMMA?)* RIGHT_BRACE
    public override Node VisitSwitchExpression(VslParser.SwitchExpressionContext context)
    {
        foreach (var one in context.switchCase().SkipLast(1))
        {
            var next = context.children[context.children.IndexOf(one) + 1];
            if (next is not ITerminalNode && one.Stop.Type != VslLexer.RIGHT_BRACE)
                errors.Add(DiagnosticCodes.MissingSeparator, "expected ',' after this case", After(one.Stop));
        }

        return new Switch(Visit(context.expression()), [.. context.switchCase().Select(Case)], SpanOf(context));
    }

    // whileLoop : WHILE expression block
    public override Node VisitWhileLoop(VslParser.WhileLoopContext context) =>
        new Loop(Visit(context.expression()), Visit(context.block()), testsFirst: true, wanted: true, SpanOf(context));

    // endlessLoop : LOOP block
    public override Node VisitEndlessLoop(VslParser.EndlessLoopContext context) =>
        new Loop(null, Visit(context.block()), testsFirst: true, wanted: true, SpanOf(context));

    // doLoop : DO block (WHILE | UNTIL) expression
    public override Node VisitDoLoop(VslParser.DoLoopContext context) =>
        new Loop(
            Visit(context.expression()), Visit(context.block()), testsFirst: false, wanted: context.WHILE() is not null,
            SpanOf(context));

    // forLoop : FOR (name | LEFT_PAREN name COMMA name RIGHT_PAREN) IN expression block
    public override Node VisitForLoop(VslParser.ForLoopContext context) =>
        new For(
            Name(context.name(0)), OptionalName(context.name(1)), Visit(context.expression()), Visit(context.block()),
            SpanOf(context));

    // switchCase : (UNDERSCORE | expression) (IF expression)? ARROW statement
    private SwitchCase Case(VslParser.SwitchCaseContext context)
    {
        var isDefault = context.UNDERSCORE() is not null;
        var guard = context.IF() is null ? null : Visit(context.expression().Last());
        return new SwitchCase(isDefault ? [] : Labels(context.expression(0)), guard, Visit(context.statement()), SpanOf(context));
    }

    /// <summary>Alternatives are written as <c>1 | 2 | 5..9</c>: no operator of a literal binds looser than their mark.</summary>
    private Node[] Labels(VslParser.ExpressionContext context)
    {
        var (operands, operators) = (context.operand(), context.binaryOperator());
        if (!Array.Exists(operators, o => o.PIPE() is not null)) return [Visit(context)];
        var labels = new List<Node>();
        var start = 0;
        for (var i = 0; i <= operators.Length; i++)
        {
            if (i < operators.Length && operators[i].PIPE() is null) continue;
            labels.Add(Chain(Visit(operands[start]), operators[start..i], operands[(start + 1)..(i + 1)]));
            start = i + 1;
        }

        return [.. labels];
    }

    // statements : (statement | SEMICOLON)*
    private Node[] Statements(VslParser.StatementsContext context)
    {
        var nodes = new List<Node>();
        VslParser.StatementContext? previous = null;
        foreach (var child in context.children ?? [])
        {
            if (child is VslParser.StatementContext statement)
            {
                if (previous is { Stop: { Type: not VslLexer.RIGHT_BRACE } stop })
                    errors.Add(DiagnosticCodes.MissingSeparator, "expected ';' after this statement", After(stop));
                nodes.Add(Visit(statement));
                previous = statement;
            }
            else
            {
                previous = null;
            }
        }

        return [.. nodes];
    }

    private Let Let(VslParser.LetStatementContext context, bool isExported) =>
        new(Name(context.name()), Optional(context.expression()), isConstant: false, isExported, SpanOf(context));

    private Let Const(VslParser.ConstStatementContext context, bool isExported) =>
        new(Name(context.name()), Visit(context.expression()), isConstant: true, isExported, SpanOf(context));

    /// <summary>The same tree once more: what was declared in it is not declared again.</summary>
    private Node Copy(VslParser.BlockContext context)
    {
        _isCopying = true;
        var copy = Visit(context);
        _isCopying = false;
        return copy;
    }

    private Node? Optional(ParserRuleContext? context) => context is null ? null : Visit(context);

    private Node[] VisitAll(ParserRuleContext[] contexts) => Array.ConvertAll(contexts, Visit);

    private Identifier Name(VslParser.NameContext context) => new(context.GetText(), SpanOf(context));

    private Identifier? OptionalName(VslParser.NameContext? context) => context is null ? null : Name(context);

    // parameters : name (COMMA name)* COMMA?
    private Identifier[] Parameters(VslParser.ParametersContext? context) =>
        context is null ? [] : Array.ConvertAll(context.name(), Name);

    private SourceSpan SpanOf(ParserRuleContext context) => Spans.Of(file, context);

    private SourceSpan SpanOf(IToken token) => Spans.Of(file, token);

    /// <summary>The place right behind a token.</summary>
    private SourceSpan After(IToken token)
    {
        var span = SpanOf(token);
        return new SourceSpan(file.Path, span.EndLine, span.EndColumn, span.EndLine, span.EndColumn);
    }

    protected override Node AggregateResult(Node aggregate, Node nextResult) => nextResult ?? aggregate;
}
