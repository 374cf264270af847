using Vsmtp.Vsl.Evaluation;
using Vsmtp.Vsl.Syntax;
using Vsmtp.Vsl.Syntax.Expressions;
using Vsmtp.Vsl.Syntax.Statements;

namespace Vsmtp.Vsl.Binding;

/// <summary>Resolves the names of one file: variables get slots, calls their functions, constants their values.</summary>
internal sealed partial class Binder
{
    /// <summary>Nodes inside each other; what is deeper could overflow the stack when it is compiled or run.</summary>
    private const int MaxNesting = 256;

    private readonly DiagnosticBag _diagnostics;
    private readonly Queue<Action> _bodies = [];
    private int _nesting;
    private int _conditions;

    public Binder(ModuleUnit unit, ScriptHost host, IReadOnlySet<string> storedNames, DiagnosticBag diagnostics, HostFacts facts)
    {
        Unit = unit;
        Host = host;
        StoredNames = storedNames;
        _diagnostics = diagnostics;
        Scope = new FunctionScope(unit.Code.TopLevel, isTopLevel: true);
        Names = new NameResolver(this);
        Warnings = new Warnings(this, facts);
    }

    public ModuleUnit Unit { get; }

    public ScriptHost Host { get; }

    /// <summary>Every word of the script that may be the name of a closure in a map.</summary>
    public IReadOnlySet<string> StoredNames { get; }

    /// <summary>See <see cref="CompileOptions.IsObserved"/>.</summary>
    public bool IsObserved { get; init; }

    public NameResolver Names { get; }

    public Warnings Warnings { get; }

    public FunctionScope Scope { get; private set; }

    /// <summary>All functions of the file once <see cref="BindFile"/> is done, the top level first.</summary>
    public List<BoundFunction> Bound { get; } = [];

    public void BindFile()
    {
        foreach (var function in Unit.Syntax.Functions) DeclareFunction(function);
        foreach (var import in Unit.Syntax.Imports) CheckImport(import);
        var topLevel = Scope;
        var body = Bind(Unit.Syntax.TopLevel);
        Bound.Add(new BoundFunction(topLevel, body));
        Warnings.NeverRead(topLevel);
        Unit.Code.GlobalSlots = [.. Unit.Globals.Values.Union(Unit.Exports.Values)];
        foreach (var function in Unit.Functions.Values) BindFunction(function.Code, function.Parameters, function.Body);

        // Bodies come after the top level, whose constants and imports they see wherever these stand.
        while (_bodies.TryDequeue(out var bind)) bind();
    }

    public Node Bind(Node node)
    {
        if (_nesting >= MaxNesting)
        {
            Error(DiagnosticCodes.NestedTooDeeply, "this is nested too deeply", node.Span);
            return new Literal(Value.Unit, node.Span);
        }

        Scope.Code.Nesting = Math.Max(Scope.Code.Nesting, ++_nesting);
        var bound = node.Bind(this);
        _nesting--;
        return _conditions > 0 && bound is (NativeCall or ScriptCall or MethodCall) ? new Observed(bound, isCondition: false) : bound;
    }

    /// <summary>Binds what decides where the script goes on.</summary>
    public Node BindCondition(Node node)
    {
        if (!IsObserved) return Bind(node);
        _conditions++;
        var bound = Bind(node);
        _conditions--;
        return bound switch
        {
            Literal => bound,
            Observed call => call.AsCondition(),
            _ => new Observed(bound, isCondition: true),
        };
    }

    public void BindAll(Node[] nodes)
    {
        for (var i = 0; i < nodes.Length; i++) nodes[i] = Bind(nodes[i]);
    }

    /// <summary>Binds a function's body later, in a scope of its own.</summary>
    /// <param name="check">Looks at where the bound body ends: at its returns and at its end.</param>
    public void BindFunction(FunctionCode code, Identifier[] parameters, Node body, Action<IEnumerable<Node>>? check = null)
    {
        var around = Scope.IsTopLevel ? null : Scope;
        var aliases = Names.VisibleAliases;
        var nesting = _nesting;
        _bodies.Enqueue(() =>
        {
            var scope = Scope = new FunctionScope(code, isTopLevel: false) { Around = around };
            _nesting = nesting;
            Names.VisibleAliases = aliases;
            foreach (var parameter in parameters)
            {
                if (scope.Find(parameter.Name) is not null)
                    Error(DiagnosticCodes.DuplicateParameter, $"the parameter '{parameter.Name}' is declared twice", parameter.Span);
                Declare(parameter, isConstant: false, isExported: false);
            }

            var bound = Bind(body);
            Bound.Add(new BoundFunction(scope, bound));
            Warnings.NeverRead(scope);
            check?.Invoke([.. scope.Returns, bound]);
        });
    }

    public LocalVariable Declare(Identifier name, bool isConstant, bool isExported)
    {
        if (Keywords.IsFunctionKeyword(name.Name))
            Error(DiagnosticCodes.WordAsName, $"'{name.Name}' is a function of the language and cannot be a variable", name.Span);
        Warnings.Hidden(name);
        var variable = Scope.Declare(name, isConstant);
        if (!Scope.IsTopLevel || Scope.Depth > 0) return variable;
        Unit.TopLevelNames[name.Name] = name.Span;
        if (isConstant) Unit.Globals[name.Name] = variable.Slot;
        if (isExported) Unit.Exports[name.Name] = variable.Slot;
        return variable;
    }

    public void Export(Identifier name, Identifier exportedAs)
    {
        if (!Scope.IsTopLevel || Scope.Depth > 0) Error(DiagnosticCodes.MisplacedExport, "only the top level of a file can export", name.Span);
        else if (Scope.Find(name.Name) is not { } variable) Error(DiagnosticCodes.MisplacedExport, $"there is no variable '{name.Name}' to export", name.Span);
        else
        {
            variable.IsRead = true;
            Unit.Exports[exportedAs.Name] = variable.Slot;
        }
    }

    public void DeclareImport(Import import)
    {
        if (import.Alias is not { } alias) return;
        var target = import.Target is { } path ? Unit.Targets.GetValueOrDefault(path) : null;
        Names.AddAlias(alias, target, isTopLevel: Scope.IsTopLevel && Scope.Depth == 0);
    }

    public void CheckKind(string what, Identifier kind, IReadOnlySet<string>? known)
    {
        if (known is null || known.Contains(kind.Name))
        {
            if (known is null) Error(DiagnosticCodes.UnknownKind, $"there is no {what} '{kind.Name}' here", kind.Span);
            return;
        }

        var nearest = Suggestion.Nearest(kind.Name, known);
        var all = string.Join(", ", known.Order(StringComparer.Ordinal));
        Error(DiagnosticCodes.UnknownKind, $"unknown {what} '{kind.Name}'{DidYouMean(nearest)}; known are {all}", kind.Span);
    }

    public void Error(string code, string message, SourceSpan span) => _diagnostics.Error(code, message, span);

    private void DeclareFunction(FunctionDeclaration function)
    {
        if (Keywords.IsFunctionKeyword(function.Name.Name))
            Error(DiagnosticCodes.WordAsName, $"'{function.Name.Name}' is a function of the language and cannot be declared", function.Name.Span);
        var key = (function.Name.Name, function.Parameters.Length);
        if (Unit.Functions.TryGetValue(key, out var first))
        {
            _diagnostics.Add(
                Diagnostic.Error(DiagnosticCodes.DuplicateFunction, $"function '{key.Name}' with {Count(key.Length)} is declared twice", function.Name.Span)
                    with { Notes = [Diagnostic.Note("it is first declared here", first.Name.Span)] });
            return;
        }

        Warnings.HiddenFunction(function);
        Unit.Functions.Add(key, function);
        Unit.Code.Functions.Add(key, function.Code);
    }

    private void CheckImport(Import import)
    {
        if (import.Target is null)
            Error(
                DiagnosticCodes.DynamicImport,
                "an import path must be a literal string: which files belong to a script is known before it runs",
                import.Path.Span);
    }
}
