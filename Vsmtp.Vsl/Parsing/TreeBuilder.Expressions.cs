using Antlr4.Runtime;
using Vsmtp.Vsl.Generated;
using Vsmtp.Vsl.Syntax;
using Vsmtp.Vsl.Syntax.Expressions;

namespace Vsmtp.Vsl.Parsing;

/// <summary>Operands, operators and their order, and what begins an operand.</summary>
internal sealed partial class TreeBuilder
{
    private const int MaxSuffixes = 200;

    // expression : openExpression | operand (binaryOperator operand)*
    public override Node VisitExpression(VslParser.ExpressionContext context) =>
        context.openExpression() is { } open
            ? Visit(open)
            : Chain(Visit(context.operand(0)), context.binaryOperator(), context.operand()[1..]);

    // operand : prefixOperator* primary suffix*
    public override Node VisitOperand(VslParser.OperandContext context) =>
        Operand(context.prefixOperator(), context.primary(), context.suffix());

    // leadingOperand : prefixOperator+ primary suffix* | plainPrimary suffix*
    public override Node VisitLeadingOperand(VslParser.LeadingOperandContext context) =>
        Operand(context.prefixOperator(), (ParserRuleContext)context.primary() ?? context.plainPrimary(), context.suffix());

    // path : (NAME | (GLOBAL | contextualWord) PATH name) (PATH name)* (BANG? arguments)?
    public override Node VisitPath(VslParser.PathContext context)
    {
        string[] names =
        [
            context.NAME()?.GetText() ?? context.GLOBAL()?.GetText() ?? context.contextualWord().GetText(),
            .. context.name().Select(n => n.GetText()),
        ];
        if (context.arguments() is { } arguments)
            return new Call(names, VisitAll(arguments.expression()), context.BANG() is not null, SpanOf(context));
        return names.Length == 1 ? new Variable(names[0], SpanOf(context)) : new Syntax.Expressions.Path(names, SpanOf(context));
    }

    // assignable : path | THIS
    public override Node VisitAssignable(VslParser.AssignableContext context) =>
        context.path() is { } path ? Visit(path) : new ThisExpression(SpanOf(context));

    // unit : LEFT_PAREN RIGHT_PAREN
    public override Node VisitUnit(VslParser.UnitContext context) => new Literal(Value.Unit, SpanOf(context));

    // group : LEFT_PAREN expression RIGHT_PAREN
    public override Node VisitGroup(VslParser.GroupContext context) => Visit(context.expression());

    // array : LEFT_BRACKET (expression (COMMA expression)* COMMA?)? RIGHT_BRACKET
    public override Node VisitArray(VslParser.ArrayContext context) =>
        new ArrayLiteral(VisitAll(context.expression()), SpanOf(context));

    // map : MAP_OPEN (mapEntry (COMMA mapEntry)* COMMA?)? RIGHT_BRACE
    public override Node VisitMap(VslParser.MapContext context)
    {
        var entries = context.mapEntry();
        var keys = Array.ConvertAll(entries, Key);
        var first = new Dictionary<string, ParserRuleContext>();
        for (var i = 0; i < keys.Length; i++)
        {
            storedNames.Add(keys[i]);
            if (!first.TryAdd(keys[i], entries[i]))
            {
                errors.Add(DiagnosticCodes.DuplicateKey, $"the key '{keys[i]}' stands twice in this map", SpanOf(entries[i].Start),
                    Diagnostic.Note("it stands first here", SpanOf(first[keys[i]].Start)));
            }
        }

        return new MapLiteral(keys, Array.ConvertAll(entries, e => Visit(e.expression())), SpanOf(context));
    }

    // closure : (OR_OR | PIPE parameters? PIPE) statement
    public override Node VisitClosure(VslParser.ClosureContext context) =>
        new Closure(Parameters(context.parameters()), Visit(context.statement()), SpanOf(context));

    // objectDeclaration : OBJECT name kind ASSIGN expression
    public override Node VisitObjectDeclaration(VslParser.ObjectDeclarationContext context) =>
        new ObjectExpression(
            Name(context.name()),
            Name(context.kind().name(0)),
            OptionalName(context.kind().name(1)),
            Visit(context.expression()),
            SpanOf(context));

    // serviceDeclaration : SERVICE name kind ASSIGN expression; kind : name (COLON name)?
    public override Node VisitServiceDeclaration(VslParser.ServiceDeclarationContext context) =>
        new ServiceExpression(
            Name(context.name()),
            new Identifier(context.kind().GetText(), SpanOf(context.kind())),
            Visit(context.expression()),
            SpanOf(context));

    // directive : (RULE | ACTION) STRING expression | DELEGATE expression STRING expression
    public override Node VisitDirective(VslParser.DirectiveContext context)
    {
        var kind = context.Start.Type switch
        {
            VslLexer.RULE => DirectiveKind.Rule,
            VslLexer.ACTION => DirectiveKind.Action,
            _ => DirectiveKind.Delegate,
        };
        var name = new Identifier(Text(context.STRING().Symbol), SpanOf(context.STRING().Symbol));
        var service = kind is DirectiveKind.Delegate ? Visit(context.expression(0)) : null;
        var head = SpanOf(context.Start).To(SpanOf(context.STRING().Symbol));
        return new DirectiveExpression(kind, name, service, Visit(context.expression().Last()), head, SpanOf(context));
    }

    // mapEntry : (name | STRING) COLON expression
    private string Key(VslParser.MapEntryContext context) => context.name()?.GetText() ?? Text(context.STRING().Symbol);

    private Node Operand(
        VslParser.PrefixOperatorContext[] prefixes, ParserRuleContext primary, VslParser.SuffixContext[] suffixes)
    {
        var left = prefixes.Length;
        Node? number = left > 0 ? NegativeNumber(prefixes[^1].Start, primary) : null;
        if (number is not null) left--;
        var node = Suffixes(number ?? Visit(primary), suffixes);
        // The brackets around an operand are no part of its node.
        var end = suffixes is [.., var last] ? SpanOf(last) : SpanOf(primary);
        while (left > 0)
        {
            var prefix = prefixes[--left].Start;
            node = new Unary(prefix.Text[0], node, SpanOf(prefix).To(end));
        }

        return node;
    }

    /// <summary>A minus right before a number belongs to it (language §2.3): <c>-2 ** 2</c> is 4.</summary>
    private Literal? NegativeNumber(IToken prefix, ParserRuleContext primary)
    {
        var token = primary.Start;
        if (prefix.Type != VslLexer.MINUS || prefix.StopIndex + 1 != token.StartIndex || primary.Stop != token) return null;
        return token.Type is VslLexer.INTEGER or VslLexer.FLOAT
            ? Number(token, negative: true, SpanOf(prefix).To(SpanOf(token)))
            : null;
    }

    private Node Suffixes(Node node, ReadOnlySpan<VslParser.SuffixContext> suffixes)
    {
        if (suffixes.Length > MaxSuffixes)
        {
            errors.Add(DiagnosticCodes.NestedTooDeeply, "this is nested too deeply", suffixes[0].Start);
            return node;
        }

        for (var i = 0; i < suffixes.Length; i++)
        {
            if (suffixes[i].Start.Type is not (VslLexer.SAFE_DOT or VslLexer.SAFE_BRACKET))
            {
                node = Suffix(node, suffixes[i]);
                continue;
            }

            var hole = new SafeChain.Hole(node.Span);
            var rest = Suffixes(Suffix(hole, suffixes[i]), suffixes[(i + 1)..]);
            return new SafeChain(node, hole, rest, node.Span.To(rest.Span));
        }

        return node;
    }

    private Node Suffix(Node target, VslParser.SuffixContext suffix)
    {
        var span = target.Span.To(SpanOf(suffix));
        if (suffix is VslParser.IndexSuffixContext index) return new IndexAccess(target, Visit(index.expression()), span);
        var member = (VslParser.MemberSuffixContext)suffix;
        var name = member.name().GetText();
        return member.arguments() is { } arguments
            ? new MethodCall(target, name, VisitAll(arguments.expression()), span)
            : new Member(target, name, span);
    }

    /// <summary>Puts a flat list of operators in order, without recursion: a chain may be long.</summary>
    private Node Chain(Node first, VslParser.BinaryOperatorContext[] operators, VslParser.OperandContext[] others)
    {
        var nodes = new Stack<Node>([first]);
        var waiting = new Stack<BinaryOperator>();
        for (var i = 0; i < operators.Length; i++)
        {
            var next = operators[i].BANG() is not null ? BinaryOperator.NotIn : Precedence.OfToken(operators[i].Start.Type);
            while (waiting.TryPeek(out var before) && BindsBefore(before, next)) Join(nodes, waiting.Pop());
            waiting.Push(next);
            nodes.Push(Visit(others[i]));
        }

        while (waiting.TryPop(out var operation)) Join(nodes, operation);
        return nodes.Pop();
    }

    private static bool BindsBefore(BinaryOperator before, BinaryOperator next) =>
        Precedence.Of(before) > Precedence.Of(next)
        || (Precedence.Of(before) == Precedence.Of(next) && !Precedence.IsRightAssociative(next));

    private static void Join(Stack<Node> nodes, BinaryOperator operation)
    {
        var right = nodes.Pop();
        var left = nodes.Pop();
        var span = left.Span.To(right.Span);
        nodes.Push(operation is BinaryOperator.And or BinaryOperator.Or or BinaryOperator.Coalesce
            ? new ShortCircuit(operation, left, right, span)
            : new Binary(operation, left, right, span));
    }
}
