using Vsmtp.Vsl.Evaluation;

namespace Vsmtp.Vsl;

/// <summary>
/// A function pointer: a closure, or <c>Fn("name")</c>. Immutable; calls go through <see cref="ScriptRun.InvokeAsync"/>.
/// </summary>
public sealed class FunctionValue : ValueContent
{
    internal FunctionValue(string name, ICallable callable, Value[] bound)
        : base(ValueKind.Function)
    {
        Name = name;
        Callable = callable;
        Bound = bound;
    }

    /// <summary>Name of the function; <c>closure</c> for an anonymous one.</summary>
    public string Name { get; }

    /// <summary>Number of arguments that are still to be given; -1 when any number is tried.</summary>
    public int ParameterCount => Callable.ParameterCount < 0 ? -1 : Math.Max(0, Callable.ParameterCount - Bound.Length);

    public bool IsClosure => Callable.IsClosure;

    /// <summary>Where it was written.</summary>
    public SourceSpan Span => Callable.Span;

    internal ICallable Callable { get; }

    /// <summary>Arguments that <c>curry</c> put in front.</summary>
    internal Value[] Bound { get; }
}
