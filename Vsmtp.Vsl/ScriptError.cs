using System.Collections.Immutable;

namespace Vsmtp.Vsl;

/// <summary>Which limit or mistake ended a script.</summary>
public enum ScriptErrorKind
{
    /// <summary>A native function refused; scripts see the message as a string.</summary>
    Host,

    /// <summary><c>throw</c>; scripts see the thrown value.</summary>
    Thrown,

    /// <summary>The evaluator refused (unknown name, wrong type, index); scripts see a map.</summary>
    Engine,

    /// <summary>A budget is spent or the run was cancelled; not catchable.</summary>
    Limit,
}

/// <summary>Why a script ended without a value.</summary>
/// <param name="Message">For the log; one sentence.</param>
/// <param name="Span">Where it happened.</param>
/// <param name="Thrown">What <c>catch (e)</c> binds.</param>
public sealed record ScriptError(ScriptErrorKind Kind, string Message, SourceSpan Span, Value Thrown)
{
    /// <summary>A message quotes what a script holds, and that may be a text of many megabytes.</summary>
    private const int MaxMessageChars = 2_000;

    public string Message { get; init; } = Message.Length <= MaxMessageChars ? Message : Message[..MaxMessageChars] + "…";

    /// <summary>The calls that led to <see cref="Span"/>, innermost first.</summary>
    public ImmutableArray<CallTrace> Trace { get; init; } = [];

    public bool IsCatchable => Kind is not ScriptErrorKind.Limit;

    public static ScriptError FromHost(string message) =>
        new(ScriptErrorKind.Host, message, SourceSpan.None, Value.From(message));

    /// <summary>A limit that is reached; no script can catch it.</summary>
    public static ScriptError FromLimit(string message, SourceSpan span) =>
        new(ScriptErrorKind.Limit, message, span, Value.From(message));

    /// <returns><c>file:line:col: error: text</c> and one line per call.</returns>
    public override string ToString() =>
        string.Join('\n', [$"{Span}: error: {Message}", .. Trace.Select(t => $"  in call to {t.Function} at {t.CallSite}")]);
}

/// <param name="Function">Name of the function, or <c>closure</c>.</param>
/// <param name="CallSite">Where it was called.</param>
public sealed record CallTrace(string Function, SourceSpan CallSite);
