using Vsmtp.Vsl;

namespace Vsmtp.Rules.Objects;

/// <summary>What <c>object</c> declares or the API gives: address, network, domain, pattern, group, code. Immutable.</summary>
internal abstract class VslObject : HostObject
{
    public sealed override string TypeName => "VSLObject";

    /// <summary>The word of the declaration, e.g. <c>ip4</c>.</summary>
    public abstract string Kind { get; }

    public abstract override string ToText();

    /// <summary>Objects of other kinds and values that are no text are different, never an error.</summary>
    public sealed override bool? IsEqualTo(Value other) =>
        other.TryAsHost<VslObject>(out var right) ? Equals(right)
        : other.TryAsString(out var text) ? EqualsText(text)
        : null;

    public sealed override Completion? Contains(Value item) =>
        Holds(item) is { } isHeld
            ? Value.From(isHeld)
            : Completion.Error($"cannot look for {Name(item)} in an object of kind {Kind}");

    /// <summary>Whether an item lies in this. Null: this kind is not searched for such items.</summary>
    public virtual bool? Holds(Value item) => null;

    /// <summary>Whether this, as a member of a group, lets the item in without being equal to it.</summary>
    public virtual bool Covers(Value item) => Holds(item) ?? false;

    protected abstract bool Equals(VslObject other);

    protected virtual bool EqualsText(string text) => false;

    private static string Name(Value item) =>
        item.TryAsHost<VslObject>(out var value) ? $"an object of kind {value.Kind}" : $"a value of type {item.TypeName}";
}
