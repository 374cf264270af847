using System.Collections.Immutable;
using Vsmtp.Rules.Objects;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Functions;

/// <summary>The recipients at the time of the call.</summary>
internal sealed class RecipientList(ImmutableArray<Value> addresses) : HostObject
{
    public override string TypeName => "array";

    public override IEnumerable<Value> Items => addresses;

    public override string ToText() => $"[{string.Join(", ", addresses.Select(a => a.ToText()))}]";

    public override Completion? Contains(Value item) => Value.From(addresses.Contains(item));

    public override bool? IsEqualTo(Value other) =>
        other.TryAsHost<RecipientList>(out var list) ? addresses.SequenceEqual(list.Items) : null;

    public override bool TryGetProperty(string name, HostCall call, out Completion value)
    {
        value = name switch
        {
            "local_parts" => LocalParts(addresses),
            "domains" => Domains(addresses),
            _ => default(Completion),
        };
        return value.Value.Kind is ValueKind.Array;
    }

    public static Value LocalParts(IEnumerable<Value> addresses) =>
        new VslArray(Parts(addresses, a => new IdentifierObject(a.LocalPart)));

    public static Value Domains(IEnumerable<Value> addresses) => new VslArray(Parts(addresses, a => new FqdnObject(a.Domain)));

    private static IEnumerable<Value> Parts(IEnumerable<Value> addresses, Func<AddressObject, VslObject> take) =>
        addresses.Select(a => a.TryAsHost<AddressObject>(out var address) ? Value.From(take(address)) : Value.Unit);
}
