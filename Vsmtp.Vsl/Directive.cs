using System.Collections.Frozen;

namespace Vsmtp.Vsl;

/// <summary>The value of a <c>rule</c>, <c>action</c> or <c>delegate</c> expression.</summary>
public sealed class Directive : HostObject
{
    internal Directive(
        DirectiveKind kind,
        string name,
        FunctionValue body,
        Value service,
        FrozenDictionary<string, Value> options,
        SourceSpan span)
    {
        Kind = kind;
        Name = name;
        Body = body;
        Service = service;
        Options = options;
        Span = span;
    }

    public DirectiveKind Kind { get; }

    public string Name { get; }

    /// <summary>The closure, or the value of <c>evaluate</c> in the map form.</summary>
    public FunctionValue Body { get; }

    /// <summary>
    /// What stood after <c>delegate</c>, a service or an array of them; unit for the other kinds. That it fits is the host's check.
    /// </summary>
    public Value Service { get; }

    /// <summary>All keys of the map form, <c>evaluate</c> included; empty for the short form.</summary>
    public IReadOnlyDictionary<string, Value> Options { get; }

    /// <summary>Where each service stands, if they were written as an array; else empty.</summary>
    public IReadOnlyList<SourceSpan> ServiceSpans { get; internal init; } = [];

    /// <summary>From the keyword to the end of the name.</summary>
    public SourceSpan Span { get; }

    public override string TypeName => "Directive";

    public override string ToText() => $"{Kind.ToString().ToLowerInvariant()} \"{Name}\"";

    public override bool? IsEqualTo(Value other) =>
        other.TryAsHost<Directive>(out var directive) && ReferenceEquals(this, directive);
}
