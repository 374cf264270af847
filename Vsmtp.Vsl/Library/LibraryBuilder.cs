namespace Vsmtp.Vsl.Library;

/// <summary>Collects the functions of one part of the standard library. Counts include the receiver.</summary>
internal sealed class LibraryBuilder
{
    private readonly List<NativeFunction> _functions = [];

    public IReadOnlyList<NativeFunction> Functions => _functions;

    public void Pure(string name, int count, Kinds receivers, PureFunction function) =>
        _functions.Add(new NativeFunction(name, count) { Receivers = receivers, Pure = function });

    /// <summary>Called for what it does, or to see whether it fails, and not only for its result.</summary>
    public void Acting(string name, int count, Kinds receivers, PureFunction function) =>
        _functions.Add(new NativeFunction(name, count) { Receivers = receivers, Pure = function, Acts = true });

    /// <summary>Also readable without parentheses: <c>x.len</c>.</summary>
    public void Property(string name, Kinds receivers, PureFunction function) =>
        _functions.Add(new NativeFunction(name, 1) { Receivers = receivers, Pure = function, IsProperty = true });

    public void Mutating(string name, int count, Kinds receivers, MutatingFunction function) =>
        _functions.Add(new NativeFunction(name, count) { Receivers = receivers, Mutating = function, Mutates = true });

    /// <summary>Calls closures, which may wait.</summary>
    public void Waiting(string name, int count, Kinds receivers, WaitingFunction function) =>
        _functions.Add(new NativeFunction(name, count) { Receivers = receivers, Waiting = function });

    /// <summary>Calls closures and leaves the changed receiver in the first argument.</summary>
    public void WaitingMutating(string name, int count, Kinds receivers, WaitingFunction function) =>
        _functions.Add(new NativeFunction(name, count) { Receivers = receivers, Waiting = function, Mutates = true });
}
