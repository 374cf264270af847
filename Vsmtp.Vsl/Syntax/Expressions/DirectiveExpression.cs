using System.Collections.Frozen;
using Vsmtp.Vsl.Binding;
using Vsmtp.Vsl.Evaluation;
using Vsmtp.Vsl.Printing;

namespace Vsmtp.Vsl.Syntax.Expressions;

/// <summary><c>rule "name" body</c>, <c>action "name" body</c>, <c>delegate service "name" body</c>, <c>delegate [a, b] "name" body</c> (language §15).</summary>
/// <param name="service">Null unless the kind is delegate.</param>
internal sealed class DirectiveExpression(
    DirectiveKind kind, Identifier name, Node? service, Node body, SourceSpan head, SourceSpan span) : Node(span)
{
    private const string EvaluateKey = "evaluate";
    private static readonly string[] HandlerKeys = ["rejected", "failed", "absorbed", "unscanned"];

    private readonly SourceSpan[] _serviceSpans = service is ArrayLiteral array ? [.. array.ItemSpans] : [];
    private Node? _service = service;
    private Node _body = body;

    private string Title => $"{kind.ToString().ToLowerInvariant()} \"{name.Name}\"";

    private Code ServiceCode => _service?.Compile() ?? Code.Constant(Value.Unit);

    public override void Print(SyntaxPrinter printer)
    {
        printer.Text(kind.ToString().ToLowerInvariant()).Text(" ");
        if (_service is not null) printer.Operand(_service).Text(" ");
        printer.Quoted(name.Name).Text(" ").Node(_body);
    }

    public override Node Bind(Binder binder)
    {
        _service = _service is null ? null : binder.Bind(_service);
        CheckBodies(binder);
        _body = binder.Bind(_body);
        return this;
    }

    /// <summary>The handlers of a delegation give a status as its body does.</summary>
    private void CheckBodies(Binder binder)
    {
        Node?[] bodies = _body is MapLiteral map
            ? [map[EvaluateKey], .. kind is DirectiveKind.Delegate ? HandlerKeys.Select(key => map[key]) : []]
            : [_body];
        foreach (var closure in bodies.OfType<Closure>()) closure.Check = ends => binder.Warnings.DirectiveEnd(kind, Title, ends);
    }

    public override Code Compile() =>
        Combine.Then(ServiceCode, _body.Compile(), (Frame _, in Value service, in Value body) =>
        {
            if (body.TryAsFunction(out var function)) return Make(function, service, FrozenDictionary<string, Value>.Empty);
            if (!body.TryAsMap(out var map))
                return Completion.Error($"the body of {Title} must be a closure or a map, not {body.TypeName}").At(_body.Span);
            if (!map.TryGetValue(EvaluateKey, out var evaluate))
                return Completion.Error($"the map of {Title} has no key '{EvaluateKey}'").At(_body.Span);
            if (!evaluate.TryAsFunction(out function))
                return Completion.Error($"'{EvaluateKey}' of {Title} must be a closure, not {evaluate.TypeName}").At(_body.Span);
            return Make(function, service, map.ToFrozenDictionary());
        });

    private Completion Make(FunctionValue function, in Value service, FrozenDictionary<string, Value> options) =>
        Completion.Of(new Directive(kind, name.Name, function, service, options, head) { ServiceSpans = _serviceSpans });
}
