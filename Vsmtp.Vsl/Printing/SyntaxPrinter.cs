using System.Text;
using Vsmtp.Vsl.Binding;
using Vsmtp.Vsl.Syntax;
using Vsmtp.Vsl.Syntax.Expressions;
using Vsmtp.Vsl.Syntax.Statements;

namespace Vsmtp.Vsl.Printing;

/// <summary>Writes an unbound tree as source that reads back as the same tree. More parentheses than people write.</summary>
internal sealed class SyntaxPrinter
{
    private readonly StringBuilder _output = new();

    public static string Print(FileSyntax file)
    {
        var printer = new SyntaxPrinter();
        printer.Statements(file.TopLevel.Statements);
        return printer._output.ToString();
    }

    public SyntaxPrinter Text(string text)
    {
        _output.Append(text);
        return this;
    }

    /// <summary>Where any expression or statement may stand.</summary>
    public SyntaxPrinter Node(Node node)
    {
        node.Print(this);
        return this;
    }

    /// <summary>Where only an operand may stand, or what follows would be taken for a part of it.</summary>
    public SyntaxPrinter Operand(Node node)
    {
        var isSimple = node is Variable or Syntax.Expressions.Path or Call or Member or IndexAccess or MethodCall or ThisExpression
            or ArrayLiteral or MapLiteral or Template or SafeChain.Hole
            || (node is Literal literal && literal.Value.Kind is not (ValueKind.Integer or ValueKind.Float));
        return isSimple ? Node(node) : Text("(").Node(node).Text(")");
    }

    public SyntaxPrinter Statements(Node[] statements)
    {
        foreach (var statement in statements) Node(statement).Text(";\n");
        return this;
    }

    public SyntaxPrinter Name(Identifier? name, string before = "") => name is { } given ? Text(before).Text(given.Name) : this;

    public SyntaxPrinter Names(Identifier[] names) => Text(string.Join(", ", names.Select(name => name.Name)));

    public SyntaxPrinter Optional(Node? node, string before) => node is null ? this : Text(before).Node(node);

    public SyntaxPrinter List(IEnumerable<Node> nodes)
    {
        var isFirst = true;
        foreach (var node in nodes)
        {
            if (!isFirst) Text(", ");
            isFirst = false;
            Node(node);
        }

        return this;
    }

    /// <summary>A string literal.</summary>
    public SyntaxPrinter Quoted(string text) => Text(Value.From(text).ToDebug());
}
