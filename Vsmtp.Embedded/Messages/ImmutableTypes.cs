using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Net;
using System.Numerics;

namespace Vsmtp.Embedded.Messages;

/// <summary>The types of .NET that never change and that Orleans can carry.</summary>
internal static class ImmutableTypes
{
    private static readonly FrozenSet<Type> Plain = new[]
    {
        typeof(bool), typeof(byte), typeof(sbyte), typeof(short), typeof(ushort), typeof(int), typeof(uint), typeof(long), typeof(ulong),
        typeof(Int128), typeof(UInt128), typeof(Half), typeof(float), typeof(double), typeof(decimal), typeof(BigInteger), typeof(char),
        typeof(string), typeof(DateTime), typeof(DateTimeOffset), typeof(DateOnly), typeof(TimeOnly), typeof(TimeSpan), typeof(Guid),
        typeof(Uri), typeof(Version), typeof(IPAddress),
    }.ToFrozenSet();

    /// <summary>As immutable as what they hold.</summary>
    private static readonly FrozenSet<Type> Holders = new[]
    {
        typeof(Nullable<>), typeof(ImmutableArray<>), typeof(ImmutableList<>), typeof(ImmutableQueue<>), typeof(ImmutableStack<>),
        typeof(ImmutableHashSet<>), typeof(ImmutableSortedSet<>), typeof(ImmutableDictionary<,>), typeof(ImmutableSortedDictionary<,>),
        typeof(KeyValuePair<,>), typeof(ValueTuple<>), typeof(ValueTuple<,>), typeof(ValueTuple<,,>), typeof(ValueTuple<,,,>),
    }.ToFrozenSet();

    public static bool Has(Type type) => type.IsEnum || Plain.Contains(type);

    /// <summary>What a type of .NET holds, if it can be passed as safely as that.</summary>
    public static bool TryGetHeld(Type type, out Type[] held)
    {
        held = type.GenericTypeArguments;
        return type.IsGenericType && Holders.Contains(type.GetGenericTypeDefinition());
    }
}
