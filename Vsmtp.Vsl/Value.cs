using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text;
using Vsmtp.Vsl.Values;

namespace Vsmtp.Vsl;

/// <summary>Any value of the language. Numbers, booleans and strings are not boxed.</summary>
/// <remarks>
/// Arrays and maps have value semantics by copy on write: whoever hands one out marks it shared, and a shared one is
/// copied before it is changed. Values that have left a script are shared and so immutable.
/// Two words, so that it travels in registers: the first is the content, or says what the bits of the second are.
/// </remarks>
public readonly struct Value : IEquatable<Value>
{
    /// <summary>Null for unit, a string, or a <see cref="ValueContent"/>.</summary>
    private readonly object? _content;
    private readonly long _bits;

    private Value(object? content, long bits)
    {
        _content = content;
        _bits = bits;
    }

    public static Value Unit => default;

    public static Value True => From(true);

    public static Value False => From(false);

    public ValueKind Kind => _content switch
    {
        null => ValueKind.Unit,
        string => ValueKind.String,
        _ => Unsafe.As<ValueContent>(_content).ContentKind,
    };

    /// <summary>What a script hung on it with <c>set_tag</c>; 0 for a new value. No part of equality.</summary>
    internal int Tag => _content is TaggedContent tagged ? tagged.Tag : 0;

    internal Value WithTag(int tag) => new(tag == 0 ? Content : new TaggedContent(Kind, Content, tag), _bits);

    /// <summary>What the value refers to, whether there is a tag on it or not. Tags are rare, so the quick ways are for values without.</summary>
    private object? Content => _content is TaggedContent tagged ? tagged.Inner : _content;

    /// <summary>Apart and not of a value, so that values stay in registers where the quick ways are gone.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool IsTagged(object? content, ValueTag kind) => content is TaggedContent tagged && tagged.Inner == kind;

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

    public static Value From(bool value) => new(ValueTag.Boolean, value ? 1 : 0);

    public static Value From(long value) => new(ValueTag.Integer, value);

    public static Value From(double value) => new(ValueTag.Float, BitConverter.DoubleToInt64Bits(value));

    public static Value From(Rune value) => new(ValueTag.Character, value.Value);

    public static Value From(string value) => new(value, 0);

    public static Value From(VslArray value) => new(value, 0);

    public static Value From(VslMap value) => new(value, 0);

    public static Value From(VslBlob value) => new(value, 0);

    public static Value From(VslRange value) => new(new RangeContent(value), 0);

    public static Value From(FunctionValue value) => new(value, 0);

    public static Value From(HostObject value) => new(value, 0);

    /// <summary>A point of monotonic time, as <see cref="TimeProvider.GetTimestamp"/> gives it, in ticks of 100 ns.</summary>
    public static Value FromTimestamp(long ticks) => new(ValueTag.Timestamp, ticks);

    /// <summary>A top-level name whose declaration has not run; never seen by scripts.</summary>
    internal static Value Unset => new(ValueTag.Unset, 0);

    internal bool IsUnset => _content == ValueTag.Unset;

    internal bool IsTrue => _content == ValueTag.Boolean ? _bits != 0 : IsTagged(_content, ValueTag.Boolean) && _bits != 0;

    internal bool IsFalse => _content == ValueTag.Boolean ? _bits == 0 : IsTagged(_content, ValueTag.Boolean) && _bits == 0;

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
    public bool AsBoolean() => Content == ValueTag.Boolean ? _bits != 0 : throw WrongKind(ValueKind.Boolean);

    public long AsInteger() => Content == ValueTag.Integer ? _bits : throw WrongKind(ValueKind.Integer);

    public double AsFloat() => Content == ValueTag.Float ? BitConverter.Int64BitsToDouble(_bits) : throw WrongKind(ValueKind.Float);

    public Rune AsCharacter() => Kind is ValueKind.Character ? new Rune((int)_bits) : throw WrongKind(ValueKind.Character);

    public string AsString() => _content as string ?? Content as string ?? throw WrongKind(ValueKind.String);

    public VslArray AsArray() => _content as VslArray ?? Content as VslArray ?? throw WrongKind(ValueKind.Array);

    public VslMap AsMap() => _content as VslMap ?? Content as VslMap ?? throw WrongKind(ValueKind.Map);

    public VslBlob AsBlob() => _content as VslBlob ?? Content as VslBlob ?? throw WrongKind(ValueKind.Blob);

    public VslRange AsRange() => (Content as RangeContent)?.Range ?? throw WrongKind(ValueKind.Range);

    public FunctionValue AsFunction() =>
        _content as FunctionValue ?? Content as FunctionValue ?? throw WrongKind(ValueKind.Function);

    public HostObject AsHost() => _content as HostObject ?? Content as HostObject ?? throw WrongKind(ValueKind.Host);

    public long AsTimestamp() => Kind is ValueKind.Timestamp ? _bits : throw WrongKind(ValueKind.Timestamp);

    public bool TryAsBoolean(out bool value)
    {
        value = _bits != 0;
        return _content == ValueTag.Boolean || IsTagged(_content, ValueTag.Boolean);
    }

    public bool TryAsInteger(out long value)
    {
        value = _bits;
        return _content == ValueTag.Integer || IsTagged(_content, ValueTag.Integer);
    }

    /// <summary>Integers and floats, as a float.</summary>
    public bool TryAsNumber(out double value)
    {
        var content = Content;
        value = content == ValueTag.Integer ? _bits : BitConverter.Int64BitsToDouble(_bits);
        return content == ValueTag.Integer || content == ValueTag.Float;
    }

    public bool TryAsString([NotNullWhen(true)] out string? value)
    {
        value = _content as string ?? Content as string;
        return value is not null;
    }

    public bool TryAsArray([NotNullWhen(true)] out VslArray? value) => TryAs(out value);

    public bool TryAsMap([NotNullWhen(true)] out VslMap? value) => TryAs(out value);

    public bool TryAsFunction([NotNullWhen(true)] out FunctionValue? value) => TryAs(out value);

    /// <summary>A host object of a type, e.g. <c>value.TryAsHost&lt;Status&gt;(out var status)</c>.</summary>
    public bool TryAsHost<T>([NotNullWhen(true)] out T? value)
        where T : HostObject
    {
        value = _content as T ?? Content as T;
        return value is not null;
    }

    /// <summary>Marks a container as held by more than one; gives the value itself.</summary>
    internal Value Share()
    {
        if (Content is VslArray array) array.IsShared = true;
        else if (Content is VslMap map) map.IsShared = true;
        return this;
    }

    private bool TryAs<T>([NotNullWhen(true)] out T? value)
        where T : class
    {
        value = _content as T ?? Content as T;
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

    /// <summary>Puts a value into a place in memory; of one with the content that is there, such as a number after a number, only the bits.</summary>
    internal static void Store(ref Value place, Value value)
    {
        // A write of a reference is a call into the garbage collector's books.
        if (ReferenceEquals(place._content, value._content)) Unsafe.AsRef(in place._bits) = value._bits;
        else place = value;
    }

    /// <summary>Content that is no value: how a <see cref="Completion"/> says that there is none.</summary>
    internal static Value OfContent(ValueContent content) => new(content, 0);

    /// <summary>The content if it is of that type, which must be a sealed one; else null.</summary>
    internal T? ContentAs<T>()
        where T : class => _content as T;

    private InvalidOperationException WrongKind(ValueKind wanted) => new($"value is {Kind}, not {wanted}");
}
