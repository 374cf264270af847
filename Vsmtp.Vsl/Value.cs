using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text;
using Vsmtp.Vsl.Values;

namespace Vsmtp.Vsl;

/// <summary>Any value of the language. Numbers, booleans and strings are not boxed.</summary>
/// <remarks>
/// Arrays and maps have value semantics by copy on write: whoever hands one out marks it shared, and a shared one is
/// copied before it is changed. Values that have left a script are shared and so immutable.
/// </remarks>
public readonly struct Value : IEquatable<Value>
{
    private readonly object? _object;
    private readonly long _bits;

    private Value(ValueKind kind, object? reference, long bits, int tag = 0)
    {
        Kind = kind;
        Tag = tag;
        _object = reference;
        _bits = bits;
    }

    public static Value Unit => default;

    public static Value True { get; } = From(true);

    public static Value False { get; } = From(false);

    public ValueKind Kind { get; }

    /// <summary>What a script hung on it with <c>set_tag</c>; 0 for a new value. No part of equality.</summary>
    internal int Tag { get; }

    internal Value WithTag(int tag) => new(Kind, _object, _bits, tag);

    public bool IsUnit => Kind is ValueKind.Unit;

    /// <summary>What <c>type_of</c> gives.</summary>
    public string TypeName => Kind switch
    {
        ValueKind.Unit => "()",
        ValueKind.Boolean => "bool",
        ValueKind.Integer => "i64",
        ValueKind.Float => "f64",
        ValueKind.Character => "char",
        ValueKind.String => "string",
        ValueKind.Array => "array",
        ValueKind.Map => "map",
        ValueKind.Blob => "blob",
        ValueKind.Range => AsRange().IsInclusive ? "range=" : "range",
        ValueKind.Timestamp => "timestamp",
        ValueKind.Function => "Fn",
        _ => AsHost().TypeName,
    };

    public static Value From(bool value) => new(ValueKind.Boolean, null, value ? 1 : 0);

    public static Value From(long value) => new(ValueKind.Integer, null, value);

    public static Value From(double value) => new(ValueKind.Float, null, BitConverter.DoubleToInt64Bits(value));

    public static Value From(Rune value) => new(ValueKind.Character, null, value.Value);

    public static Value From(string value) => new(ValueKind.String, value, 0);

    public static Value From(VslArray value) => new(ValueKind.Array, value, 0);

    public static Value From(VslMap value) => new(ValueKind.Map, value, 0);

    public static Value From(VslBlob value) => new(ValueKind.Blob, value, 0);

    public static Value From(VslRange value) => new(ValueKind.Range, value, 0);

    public static Value From(FunctionValue value) => new(ValueKind.Function, value, 0);

    public static Value From(HostObject value) => new(ValueKind.Host, value, 0);

    /// <summary>A point of monotonic time, as <see cref="TimeProvider.GetTimestamp"/> gives it, in ticks of 100 ns.</summary>
    public static Value FromTimestamp(long ticks) => new(ValueKind.Timestamp, null, ticks);

    /// <summary>A top-level name whose declaration has not run; never seen by scripts.</summary>
    internal static Value Unset { get; } = new((ValueKind)byte.MaxValue, null, 0);

    internal bool IsUnset => (byte)Kind == byte.MaxValue;

    public static implicit operator Value(bool value) => From(value);

    public static implicit operator Value(long value) => From(value);

    public static implicit operator Value(int value) => From((long)value);

    public static implicit operator Value(double value) => From(value);

    public static implicit operator Value(Rune value) => From(value);

    public static implicit operator Value(string value) => From(value);

    public static implicit operator Value(VslArray value) => From(value);

    public static implicit operator Value(VslMap value) => From(value);

    public static implicit operator Value(VslBlob value) => From(value);

    public static implicit operator Value(VslRange value) => From(value);

    public static implicit operator Value(FunctionValue value) => From(value);

    public static implicit operator Value(HostObject value) => From(value);

    /// <summary>Accessors of the tagged content: <see cref="InvalidOperationException"/> when the kind is another.</summary>
    public bool AsBoolean() => Kind is ValueKind.Boolean ? _bits != 0 : throw WrongKind(ValueKind.Boolean);

    public long AsInteger() => Kind is ValueKind.Integer ? _bits : throw WrongKind(ValueKind.Integer);

    public double AsFloat() => Kind is ValueKind.Float ? BitConverter.Int64BitsToDouble(_bits) : throw WrongKind(ValueKind.Float);

    public Rune AsCharacter() => Kind is ValueKind.Character ? new Rune((int)_bits) : throw WrongKind(ValueKind.Character);

    public string AsString() => Kind is ValueKind.String ? Unsafe.As<string>(_object!) : throw WrongKind(ValueKind.String);

    public VslArray AsArray() => Kind is ValueKind.Array ? Unsafe.As<VslArray>(_object!) : throw WrongKind(ValueKind.Array);

    public VslMap AsMap() => Kind is ValueKind.Map ? Unsafe.As<VslMap>(_object!) : throw WrongKind(ValueKind.Map);

    public VslBlob AsBlob() => Kind is ValueKind.Blob ? Unsafe.As<VslBlob>(_object!) : throw WrongKind(ValueKind.Blob);

    public VslRange AsRange() => Kind is ValueKind.Range ? Unsafe.As<VslRange>(_object!) : throw WrongKind(ValueKind.Range);

    public FunctionValue AsFunction() =>
        Kind is ValueKind.Function ? Unsafe.As<FunctionValue>(_object!) : throw WrongKind(ValueKind.Function);

    public HostObject AsHost() => Kind is ValueKind.Host ? Unsafe.As<HostObject>(_object!) : throw WrongKind(ValueKind.Host);

    public long AsTimestamp() => Kind is ValueKind.Timestamp ? _bits : throw WrongKind(ValueKind.Timestamp);

    public bool TryAsBoolean(out bool value)
    {
        value = _bits != 0;
        return Kind is ValueKind.Boolean;
    }

    public bool TryAsInteger(out long value)
    {
        value = _bits;
        return Kind is ValueKind.Integer;
    }

    /// <summary>Integers and floats, as a float.</summary>
    public bool TryAsNumber(out double value)
    {
        value = Kind is ValueKind.Integer ? _bits : BitConverter.Int64BitsToDouble(_bits);
        return Kind is ValueKind.Integer or ValueKind.Float;
    }

    public bool TryAsString([NotNullWhen(true)] out string? value)
    {
        value = Kind is ValueKind.String ? Unsafe.As<string>(_object) : null;
        return value is not null;
    }

    public bool TryAsArray([NotNullWhen(true)] out VslArray? value) => TryAs(ValueKind.Array, out value);

    public bool TryAsMap([NotNullWhen(true)] out VslMap? value) => TryAs(ValueKind.Map, out value);

    public bool TryAsFunction([NotNullWhen(true)] out FunctionValue? value) => TryAs(ValueKind.Function, out value);

    /// <summary>A host object of a type, e.g. <c>value.TryAsHost&lt;Status&gt;(out var status)</c>.</summary>
    public bool TryAsHost<T>([NotNullWhen(true)] out T? value)
        where T : HostObject
    {
        value = Kind is ValueKind.Host ? _object as T : null;
        return value is not null;
    }

    /// <summary>Marks a container as held by more than one; gives the value itself.</summary>
    internal Value Share()
    {
        if (Kind is ValueKind.Array) Unsafe.As<VslArray>(_object!).IsShared = true;
        else if (Kind is ValueKind.Map) Unsafe.As<VslMap>(_object!).IsShared = true;
        return this;
    }

    private bool TryAs<T>(ValueKind kind, [NotNullWhen(true)] out T? value)
        where T : class
    {
        value = Kind == kind ? Unsafe.As<T>(_object) : null;
        return value is not null;
    }

    /// <summary>The text that <c>to_string</c>, interpolation and concatenation use; empty for unit.</summary>
    public string ToText() => ValueText.Plain(this);

    /// <summary>
    /// The text that <c>to_debug</c> uses, and that members of arrays and maps have: strings in quotes, with escapes.
    /// </summary>
    public string ToDebug() => ValueText.Debug(this);

    public override string ToString() => ToDebug();

    /// <summary>
    /// The <c>==</c> of the language: deep, numbers across integer and float, a character equals a one-character string.
    /// </summary>
    public bool Equals(Value other) => ValueEquality.AreEqual(this, other);

    public override bool Equals(object? obj) => obj is Value other && Equals(other);

    public override int GetHashCode() => ValueEquality.Hash(this);

    public static bool operator ==(Value left, Value right) => left.Equals(right);

    public static bool operator !=(Value left, Value right) => !left.Equals(right);

    private InvalidOperationException WrongKind(ValueKind wanted) => new($"value is {Kind}, not {wanted}");
}
