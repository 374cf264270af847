using Vsmtp.Vsl.Evaluation;
using Vsmtp.Vsl.Values;

namespace Vsmtp.Vsl;

/// <summary>How a piece of script or a native function ended: with a value or with a script error.</summary>
/// <remarks>Errors are returned, never thrown. Inside the evaluator it also carries return, break and continue.</remarks>
public readonly struct Completion
{
    /// <summary>Of the size of a value, so that it travels in registers too.</summary>
    private readonly Value _value;

    private Completion(in Value value) => _value = value;

    /// <summary>The unit value.</summary>
    public static Completion Unit => default;

    public bool IsValue => _value.ContentAs<Abnormal>() is null;

    /// <summary>The value; unit when there is a <see cref="Failure"/>.</summary>
    public Value Value => _value.ContentAs<Abnormal>() is { } abnormal ? abnormal.Value : _value;

    /// <summary>The error; null when <see cref="IsValue"/> is true.</summary>
    public ScriptError? Failure => _value.ContentAs<Abnormal>()?.Failure;

    internal Signal? Signal => _value.ContentAs<Abnormal>()?.Signal;

    /// <summary>The value, or what stands in its place: for whoever looks at the kind anyway.</summary>
    internal Value Raw => _value;

    public static Completion Of(in Value value) => new(value);

    /// <summary>
    /// A catchable error; the script sees <paramref name="message"/> as a string. The call site is filled in by the evaluator.
    /// </summary>
    public static Completion Error(string message) => Fail(ScriptError.FromHost(message));

    public static Completion Fail(ScriptError error) => new(Value.OfContent(new Abnormal(error, null, default)));

    public static implicit operator Completion(Value value) => Of(value);

    public static implicit operator Completion(HostObject value) => Of(value);

    public static implicit operator Completion(bool value) => Of(value);

    public static implicit operator Completion(long value) => Of(value);

    /// <summary>The text as a value; <see cref="Error"/> makes it an error.</summary>
    public static implicit operator Completion(string value) => Of(value);

    /// <summary>Gives an error that does not know its place the place of the node that met it.</summary>
    internal Completion At(in SourceSpan span) => IsValue ? this : Placed(this, span);

    /// <summary>Not of a completion, so that one stays in registers where it has its place already.</summary>
    private static Completion Placed(Completion completion, in SourceSpan span) =>
        completion.Failure is { Span.IsNone: true } failure ? Fail(failure with { Span = span }) : completion;

    internal static Completion Leave(Signal signal, in Value value) => new(Value.OfContent(new Abnormal(null, signal, value)));
}
