using Vsmtp.Vsl.Syntax;
using Vsmtp.Vsl.Syntax.Expressions;
using Vsmtp.Vsl.Syntax.Statements;

namespace Vsmtp.Vsl.Binding;

/// <summary>What is allowed and most likely not meant. In doubt it says nothing.</summary>
internal sealed class Warnings(Binder binder, HostFacts facts)
{
    public HostFacts Facts => facts;

    /// <summary>A comparison that the types of its sides decide.</summary>
    public void Comparison(BinaryOperator operation, Node left, Node right, SourceSpan span)
    {
        var isOrder = operation is BinaryOperator.Less or BinaryOperator.LessEqual or BinaryOperator.Greater or BinaryOperator.GreaterEqual;
        if (!isOrder && operation is not (BinaryOperator.Equal or BinaryOperator.NotEqual)) return;
        if (left.Type is not { } one || right.Type is not { } two || (left is Literal && right is Literal)) return;
        if (!StaticTypes.IsNeverTrue(one, two, isOrder, facts)) return;
        var (a, b) = (StaticTypes.Describe(one), StaticTypes.Describe(two));
        var always = operation is BinaryOperator.NotEqual ? "true" : "false";
        var fact = !isOrder ? $"{a} and {b} are never equal" : one == two ? $"{a} has no order" : $"{a} and {b} have no order";
        Add(DiagnosticCodes.AlwaysFalse, $"{fact}, so this is always {always}", span, Hint(one, two, span));
    }

    /// <summary>A value that is tested and can be no boolean.</summary>
    public void Condition(Node node)
    {
        if (node.Type is not { } type || type == StaticTypes.Boolean) return;
        var note = node is FunctionName { Name: var name }
            ? Diagnostic.Note($"'{name}' is a function; a call needs parentheses: {name}()", node.Span)
            : null;
        Add(DiagnosticCodes.NeverBoolean, $"this is {StaticTypes.Describe(type)}, and a condition must be a bool", node.Span, note);
    }

    /// <summary>What a function gives that changes its receiver and gives nothing: the classic mistake (language §A.1).</summary>
    public void LostResult(Node value)
    {
        if (value is MethodCall { GivesNothing: true, Name: var name })
            Add(DiagnosticCodes.ResultLost, $"'{name}' changes its receiver in place and gives nothing, so this value is ()", value.Span);
    }

    /// <summary>Statements that are never come to, and results that nobody takes.</summary>
    public void Statements(Node[] statements)
    {
        for (var i = 0; i + 1 < statements.Length; i++)
        {
            var one = statements[i];
            if (one.Leaves && Array.Find(statements[(i + 1)..], s => s is not (FunctionDeclaration or Import)) is { } next)
            {
                Add(DiagnosticCodes.Unreachable, "this is never come to", next.Span, Diagnostic.Note("what stands here leaves before it", one.Span));
                return;
            }

            var unused = one switch
            {
                MethodCall { IsPure: true, Name: var name } => $"the result of '{name}' is not used, and it changes nothing",
                NativeCall { IsPure: true, Name: var name } => $"the result of '{name}' is not used, and it changes nothing",
                Binary { Operation: BinaryOperator.Equal } => "the result of this comparison is not used; '=' assigns",
                _ => null,
            };
            if (unused is not null) Add(DiagnosticCodes.ResultLost, unused, one.Span);
        }
    }

    /// <summary>Where the body of a directive, or of a handler, ends.</summary>
    public void DirectiveEnd(DirectiveKind kind, string title, IEnumerable<Node> ends)
    {
        if (facts.StatusType is not { } status) return;
        foreach (var node in ends)
        {
            if (kind is DirectiveKind.Action)
            {
                if (Last(node) is NativeCall { Name: not "next" } call && call.Type == status)
                    Add(DiagnosticCodes.IgnoredStatus, $"the status that {title} gives is ignored; a rule's counts", call.Span);
            }
            else if (node.EndsWithout(status) is { } end)
            {
                var what = end.Type is { } type && type != StaticTypes.Unit ? $"with {StaticTypes.Describe(type)}" : "without a value";
                Add(DiagnosticCodes.EndsWithoutStatus, $"{title} can end {what} here, and must give a status", end.Span);
            }
        }
    }

    public void DuplicateCase(Node label, Node first) =>
        Add(DiagnosticCodes.DuplicateCase, "this case was matched before, so this one never is", label.Span,
            Diagnostic.Note("it stands first here", first.Span));

    /// <summary>Literal arguments that the host can judge.</summary>
    /// <param name="first">Where the arguments begin: 1 behind a handle.</param>
    public void Literals(string function, Node[] arguments, int first)
    {
        for (var i = first; i < arguments.Length; i++)
        {
            if (arguments[i] is Literal { Value: var value } && value.TryAsString(out var text)
                && facts.LiteralFault(function, i - first, text) is { } fault)
                Add(DiagnosticCodes.NoHeaderName, fault, arguments[i].Span);
        }
    }

    public void NeverRead(FunctionScope scope)
    {
        foreach (var variable in scope.Declared.Where(v => !v.IsRead))
            Add(DiagnosticCodes.NeverRead, $"'{variable.Name}' is never read", variable.Span);
    }

    /// <summary>A name that hides a variable of an outer block, a parameter, or something of the host.</summary>
    public void Hidden(Identifier name)
    {
        if (name.Name.StartsWith('_')) return;
        // In the same block a new 'let' of a name takes the old one's place on purpose.
        if (binder.Scope.Find(name.Name) is { } hidden && hidden.Depth < binder.Scope.Depth && !hidden.Span.Equals(name.Span))
            Add(DiagnosticCodes.Shadowing, $"'{name.Name}' hides another of that name", name.Span, Diagnostic.Note("it is declared here", hidden.Span));
        else if (binder.Host.Root.TryGetConstant(name.Name, out _))
            Add(DiagnosticCodes.Shadowing, $"'{name.Name}' hides what the program calls so", name.Span);
    }

    public void HiddenFunction(FunctionDeclaration function)
    {
        if (binder.Host.Root.Find(function.Name.Name, function.Parameters.Length) is { IsOwn: false })
            Add(DiagnosticCodes.Shadowing, $"'{function.Name.Name}' hides the function of that name that the program offers", function.Name.Span);
    }

    public void HiddenAlias(Identifier alias) =>
        Add(DiagnosticCodes.Shadowing, $"'{alias.Name}' hides another import of that name", alias.Span);

    private static Node Last(Node node) => node switch
    {
        Block { Statements: [.., var last] } => Last(last),
        Leave { Value: { } value } => Last(value),
        _ => node,
    };

    /// <summary>What is meant when a pattern is compared with an address.</summary>
    private static Diagnostic? Hint(string one, string two, SourceSpan span) =>
        one is "object:regex" or "object:group" or "object:file" or "object:rg4" or "object:rg6"
        || two is "object:regex" or "object:group" or "object:file" or "object:rg4" or "object:rg6"
            ? Diagnostic.Note("'in' asks whether a value matches it or is among its members", span)
            : null;

    private void Add(string code, string message, SourceSpan span, Diagnostic? note = null) =>
        binder.Report(Diagnostic.Warning(code, message, span) with { Notes = note is null ? [] : [note] });
}
