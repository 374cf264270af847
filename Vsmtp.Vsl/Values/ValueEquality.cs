using System.Runtime.CompilerServices;
using System.Text;

namespace Vsmtp.Vsl.Values;

/// <summary>The <c>==</c> of the language (language §12).</summary>
/// <remarks>
/// Lists that share their parts can be exponentially large to walk, so a comparison has fuel; without it, it is false.
/// </remarks>
internal static class ValueEquality
{
    private const int Fuel = 1_000_000;

    public static bool AreEqual(in Value left, in Value right)
    {
        var fuel = Fuel;
        return AreEqual(left, right, ref fuel);
    }

    private static bool AreEqual(in Value left, in Value right, ref int fuel)
    {
        if (--fuel < 0) return false;
        if (left.Kind is ValueKind.Host) return left.AsHost().IsEqualTo(right) ?? HostOnTheRight(left, right);
        if (left.Kind != right.Kind) return AcrossKinds(left, right);
        return left.Kind switch
        {
            ValueKind.Unit => true,
            ValueKind.Boolean => left.AsBoolean() == right.AsBoolean(),
            ValueKind.Integer => left.AsInteger() == right.AsInteger(),
            // == and not Equals: NaN is not equal to itself in a script.
            ValueKind.Float => left.AsFloat() == right.AsFloat(),
            ValueKind.Character => left.AsCharacter() == right.AsCharacter(),
            ValueKind.String => left.AsString() == right.AsString(),
            ValueKind.Array => Arrays(left.AsArray(), right.AsArray(), ref fuel),
            ValueKind.Map => Maps(left.AsMap(), right.AsMap(), ref fuel),
            ValueKind.Blob => left.AsBlob().Bytes.Span.SequenceEqual(right.AsBlob().Bytes.Span),
            ValueKind.Range => left.AsRange() == right.AsRange(),
            ValueKind.Timestamp => left.AsTimestamp() == right.AsTimestamp(),
            _ => SameFunction(left.AsFunction(), right.AsFunction()),
        };
    }

    public static int Hash(in Value value) => value.Kind switch
    {
        ValueKind.Integer => ((double)value.AsInteger()).GetHashCode(),
        ValueKind.Float => value.AsFloat().GetHashCode(),
        ValueKind.Character => value.AsCharacter().ToString().GetHashCode(StringComparison.Ordinal),
        ValueKind.String => value.AsString().GetHashCode(StringComparison.Ordinal),
        ValueKind.Boolean => value.AsBoolean().GetHashCode(),
        ValueKind.Array => value.AsArray().Count,
        ValueKind.Map => value.AsMap().Count,
        // A host object may equal values of any kind, so no finer hash is right.
        _ => 0,
    };

    private static bool HostOnTheRight(in Value left, in Value right) =>
        right.Kind is ValueKind.Host && (right.AsHost().IsEqualTo(left) ?? false);

    private static bool AcrossKinds(in Value left, in Value right) => (left.Kind, right.Kind) switch
    {
        (_, ValueKind.Host) => right.AsHost().IsEqualTo(left) ?? false,
        (ValueKind.Integer, ValueKind.Float) => left.AsInteger() == right.AsFloat(),
        (ValueKind.Float, ValueKind.Integer) => left.AsFloat() == right.AsInteger(),
        (ValueKind.Character, ValueKind.String) => IsOne(left.AsCharacter(), right.AsString()),
        (ValueKind.String, ValueKind.Character) => IsOne(right.AsCharacter(), left.AsString()),
        _ => false,
    };

    private static bool IsOne(Rune character, string text) =>
        text.Length == character.Utf16SequenceLength && text == character.ToString();

    private static bool Arrays(VslArray left, VslArray right, ref int fuel)
    {
        if (left.Count != right.Count || !RuntimeHelpers.TryEnsureSufficientExecutionStack()) return false;
        for (var i = 0; i < left.Count; i++)
            if (!AreEqual(left.Span[i], right.Span[i], ref fuel)) return false;
        return true;
    }

    private static bool Maps(VslMap left, VslMap right, ref int fuel)
    {
        if (left.Count != right.Count || !RuntimeHelpers.TryEnsureSufficientExecutionStack()) return false;
        for (var i = 0; i < left.Count; i++)
            if (left.KeyAt(i) != right.KeyAt(i) || !AreEqual(left.At(i), right.At(i), ref fuel)) return false;
        return true;
    }

    private static bool SameFunction(FunctionValue left, FunctionValue right) =>
        ReferenceEquals(left.Callable, right.Callable) && left.Bound.AsSpan().SequenceEqual(right.Bound);
}
