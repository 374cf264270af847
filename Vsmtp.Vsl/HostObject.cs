using System.Diagnostics.CodeAnalysis;

namespace Vsmtp.Vsl;

/// <summary>
/// A value of the host: status, address, service, handle. Shared, never copied; must be immutable or safe to share.
/// </summary>
public abstract class HostObject() : ValueContent(ValueKind.Host)
{
    /// <summary>What <c>type_of</c> and error messages call it.</summary>
    public abstract string TypeName { get; }

    /// <summary>What <c>to_string</c>, interpolation and <c>+</c> with a string use.</summary>
    public virtual string ToText() => TypeName;

    public virtual string ToDebug() => ToText();

    /// <summary>Reads <c>x.name</c>. False: no such property, and a one-parameter native function is tried.</summary>
    public virtual bool TryGetProperty(string name, HostCall call, out Completion value)
    {
        value = default;
        return false;
    }

    /// <summary>
    /// Reads <c>x[index]</c>. The default indexes <see cref="Items"/>, if there are any, by a 0-based integer; negatives from the
    /// end.
    /// </summary>
    public virtual bool TryGetItem(Value index, out Completion value)
    {
        value = default;
        if (Items is not { } items || !index.TryAsInteger(out var i)) return false;
        var list = items as IReadOnlyList<Value> ?? [.. items];
        var at = i < 0 ? i + list.Count : i;
        value = at >= 0 && at < list.Count
            ? list[(int)at]
            : Completion.Error($"Index {i} out of bounds: only {list.Count} elements");
        return true;
    }

    /// <summary>
    /// Compares with anything, on either side of <c>==</c>. Null: these two have no comparison, so they are different.
    /// </summary>
    public virtual bool? IsEqualTo(Value other) => null;

    /// <summary>
    /// Answers <c>item in this</c> and <c>this.contains(item)</c> with a boolean or an error. Null: not a container.
    /// </summary>
    public virtual Completion? Contains(Value item) => null;

    /// <summary>What <c>for</c> goes over, and what <c>len</c> counts. Null: not iterable.</summary>
    public virtual IEnumerable<Value>? Items => null;

    [ExcludeFromCodeCoverage]
    public sealed override string ToString() => ToDebug();
}
