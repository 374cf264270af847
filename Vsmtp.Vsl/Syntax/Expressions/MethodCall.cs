using Vsmtp.Vsl.Binding;
using Vsmtp.Vsl.Evaluation;
using Vsmtp.Vsl.Library;
using Vsmtp.Vsl.Printing;

namespace Vsmtp.Vsl.Syntax.Expressions;

/// <summary>
/// <c>x.f(y)</c>: a closure stored in the map <c>x</c>, a script function with <c>this</c>, or a native function.
/// </summary>
internal sealed class MethodCall(Node target, string name, Node[] arguments, SourceSpan span) : Node(span)
{
    private Node _target = target;
    private FunctionCode? _function;
    private OverloadSet? _natives;
    private bool _mayBeStored;

    /// <summary>A call <c>f(x, y)</c> whose parts are bound already, of a native function that changes <c>x</c>.</summary>
    public static MethodCall OfNative(Node target, OverloadSet natives, Node[] others, SourceSpan span) =>
        new(target, natives.Name, others, span) { _natives = natives };

    public string Name => name;

    /// <summary>Whether a call without a use of its result is without use.</summary>
    public bool IsPure => _function is null && !_mayBeStored && _natives is { IsPure: true };

    /// <summary>Whether it changes its receiver and gives nothing.</summary>
    public bool GivesNothing => _natives is { MayMutate: true } && Type == StaticTypes.Unit;

    public override string? Type => _function is null && !_mayBeStored && _natives is { IsOwn: true }
        ? StaticTypes.OfLibrary(name) ?? (_target.Type == StaticTypes.Text ? OfText : null)
        : null;

    private string? OfText => name is "to_upper" or "to_lower" ? StaticTypes.Text : name is "remove" ? StaticTypes.Unit : null;

    public override void Print(SyntaxPrinter printer) =>
        printer.Operand(_target).Text(_target is SafeChain.Hole ? "?." : ".").Text(name).Text("(").List(arguments).Text(")");

    public override Node Bind(Binder binder)
    {
        _target = binder.Bind(_target);
        binder.BindAll(arguments);
        _function = binder.Unit.FindFunction(name, arguments.Length)?.Code;
        _natives = _function is null ? binder.Host.Root.Find(name, arguments.Length + 1) : null;
        // A closure in a map can only have a name that is written somewhere as a key, a property or a string.
        _mayBeStored = binder.StoredNames.Contains(name);
        if (_function is null && _natives is null && !_mayBeStored)
            binder.ReportUnknownFunction(name, arguments.Length + 1, Span, isMethod: true);
        if (_natives is not null) binder.Warnings.Literals(name, arguments, 0);
        if (_function is not null) binder.Scope.Callees.Add(_function);
        if (_mayBeStored || _natives is { MayWait: true }) binder.Scope.Waits = true;
        return this;
    }

    public override Code Compile()
    {
        var others = arguments.Select(a => a.Compile());
        var mayWait = _mayBeStored || _natives is { MayWait: true } || _function is { MayWait: true };
        if (Changes && Places.TryMake(_target, out var place, out var keys))
        {
            Code[] operands = [.. keys.Select(k => k.Compile()), .. others];
            return mayWait
                ? Combine.ThenAsync(operands, (frame, values) => OnPlaceAsync(frame, place, values))
                : Combine.Then(operands, (frame, values) => OnPlace(frame, place, values));
        }

        Code[] all = [_function is null && !_mayBeStored ? _target.CompileBorrowed() : _target.Compile(), .. others];
        if (_function is null && !mayWait && _natives is not null) return new NativeCall(_natives, [], type: null, Span).Compile(all);
        return mayWait
            ? Combine.ThenAsync(all, OnValueAsync)
            : Combine.Then(all, (frame, values) => OnValue(frame, values));
    }

    /// <summary>Whether the call may change its receiver, so that it matters where the receiver is kept.</summary>
    private bool Changes => _function is { UsesThis: true } || _mayBeStored || _natives is { MayMutate: true };

    private Completion OnValue(Frame frame, Value[] values)
    {
        if (_function is null) return CallNative(frame, values);
        var called = NewFrame(frame, _function, new Receiver(values[0]), values.AsSpan(1));
        return _function.Invoke(called, Span);
    }

    private ValueTask<Completion> OnValueAsync(Frame frame, Value[] values)
    {
        if (Stored(values[0]) is { } stored) return CallStored(frame, stored, new Receiver(values[0].Share()), values[1..]);
        if (_function is null) return CallNativeAsync(frame, values);
        var called = NewFrame(frame, _function, new Receiver(values[0]), values.AsSpan(1));
        return _function.MayWait ? _function.InvokeAsync(called, Span) : new(_function.Invoke(called, Span));
    }

    private Completion OnPlace(Frame frame, Place place, Value[] values)
    {
        var keys = values.AsSpan(0, values.Length - arguments.Length);
        var others = values.AsSpan(keys.Length);
        var current = place.Peek(frame, keys);
        if (!current.IsValue) return current;
        if (_function is not null)
        {
            var self = new Receiver(current.Value.Share());
            var result = _function.Invoke(NewFrame(frame, _function, self, others), Span);
            return WriteBack(frame, place, keys, self, result);
        }

        Value[] all = [current.Value, .. others];
        if (_natives?.Choose(all) is not { Mutating: { } mutating } native) return CallNative(frame, all);
        if (native.Charge(NewCaller(frame), all) is { } spent) return Completion.Fail(spent);
        Value scratch = default;
        ref var receiver = ref place.Find(frame, keys, ref scratch, out var failure);
        return failure.IsValue ? mutating(NewCaller(frame), ref receiver, others).At(Span) : failure;
    }

    private async ValueTask<Completion> OnPlaceAsync(Frame frame, Place place, Value[] values)
    {
        var count = values.Length - arguments.Length;
        var current = place.Peek(frame, values.AsSpan(0, count));
        if (!current.IsValue) return current;
        var stored = Stored(current.Value);
        if (stored is not null || _function is { MayWait: true })
        {
            var self = new Receiver(current.Value.Share());
            var result = stored is not null
                ? await CallStored(frame, stored, self, values[count..]).ConfigureAwait(false)
                : await _function!.InvokeAsync(NewFrame(frame, _function, self, values.AsSpan(count)), Span)
                    .ConfigureAwait(false);
            return WriteBack(frame, place, values.AsSpan(0, count), self, result);
        }

        Value[] all = [current.Value, .. values.AsSpan(count)];
        if (_natives?.Choose(all) is not { Waiting: not null } native) return OnPlace(frame, place, values);
        all[0].Share();
        var answer = await _natives.InvokeAsync(NewCaller(frame), all).ConfigureAwait(false);
        if (!native.Mutates || !answer.IsValue) return answer;
        var written = place.Set(frame, values.AsSpan(0, count), all[0]);
        return written.IsValue ? answer : written;
    }

    private FunctionValue? Stored(in Value target) =>
        _mayBeStored && target.TryAsMap(out var map) && map.TryGetValue(name, out var item) && item.TryAsFunction(out var stored)
            ? stored
            : null;

    private ValueTask<Completion> CallStored(Frame frame, FunctionValue stored, Receiver self, Value[] others) =>
        NewCaller(frame).InvokeAsync(stored, self, others);

    private Completion CallNative(Frame frame, Value[] values) =>
        _natives is null ? EngineError.FunctionNotFound(name, values, Span) : _natives.Invoke(NewCaller(frame), values);

    private ValueTask<Completion> CallNativeAsync(Frame frame, Value[] values) =>
        _natives is null ? new(EngineError.FunctionNotFound(name, values, Span)) : _natives.InvokeAsync(NewCaller(frame), values);

    private static Completion WriteBack(Frame frame, Place place, ReadOnlySpan<Value> keys, Receiver self, in Completion result)
    {
        if (!self.IsChanged || !result.IsValue) return result;
        var written = place.Set(frame, keys, self.Value);
        return written.IsValue ? result : written;
    }

    private static Frame NewFrame(Frame caller, FunctionCode function, Receiver self, ReadOnlySpan<Value> arguments) =>
        function.NewFrame(caller.Run, caller.Module, arguments, self);

    private Caller NewCaller(Frame frame) => new(frame.Run, frame.Module, this);
}
