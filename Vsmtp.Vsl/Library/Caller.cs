using System.Diagnostics.CodeAnalysis;
using Vsmtp.Vsl.Evaluation;

namespace Vsmtp.Vsl.Library;

/// <summary>Who calls a native function: the run that pays, the module whose function names count, the place.</summary>
internal readonly record struct Caller(ScriptRun Run, ModuleInstance Module, Site At)
{
    public ref readonly SourceSpan Site => ref At.Span;

    public Budget Budget => Run.Budget;

    /// <summary>A library error, which scripts catch as a map.</summary>
    public Completion Fail(string message) => EngineError.Arithmetic(message, Site);

    public Completion WrongType(in Value actual, string expected) => EngineError.WrongType(actual, expected, Site);

    /// <summary>A new text, paid for.</summary>
    public Completion Text(string text) =>
        Budget.ChargeBytes(2L * text.Length) is { } spent ? Completion.Fail(spent) : Completion.Of(text);

    /// <summary>A new array, paid for.</summary>
    public Completion Array(List<Value> items) =>
        Budget.ChargeItems(items.Count) is { } spent ? Completion.Fail(spent) : Completion.Of(new VslArray(items));

    /// <summary>A pointer to a function by name, as this module knows it.</summary>
    public FunctionValue Named(string name) => new(name, new NamedCallable(name, Module, Site), []);

    /// <summary>A function argument: a pointer, a closure, or a function's name.</summary>
    public bool TryFunction(in Value value, [NotNullWhen(true)] out FunctionValue? function)
    {
        function = value.TryAsString(out var name) ? Named(name) : value.TryAsFunction(out var given) ? given : null;
        return function is not null;
    }

    /// <summary>Calls a function pointer, closure or function name that a script gave as an argument.</summary>
    public ValueTask<Completion> InvokeAsync(FunctionValue function, Receiver? self, params Value[] arguments) =>
        function.Callable.InvokeAsync(Run, self, [.. function.Bound, .. arguments], Site);
}
