using System.Collections;
using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Vsmtp.GrainHost.Contract;

/// <summary>Fills messages: no two members of one kind have the same value, and none has its default.</summary>
internal sealed class DistinctValues
{
    private int _last;

    public object Of(Type type) => type switch
    {
        _ when Nullable.GetUnderlyingType(type) is { } underlying => Of(underlying),
        { IsEnum: true } => LastOf(type),
        _ when type == typeof(string) => $"text {++_last}",
        _ when type == typeof(int) => ++_last,
        _ when type == typeof(long) => long.MaxValue - ++_last,
        _ when type == typeof(byte) => (byte)++_last,
        _ when type == typeof(bool) => true,
        _ when type == typeof(DateTimeOffset) => new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.FromHours(2)).AddSeconds(++_last).AddTicks(7),
        _ when type == typeof(TimeSpan) => TimeSpan.FromSeconds(++_last) + TimeSpan.FromTicks(7),
        { IsGenericType: true } when type.GetGenericTypeDefinition() == typeof(ImmutableArray<>) => ArrayOf(type.GenericTypeArguments[0]),
        { IsClass: true } => Filled(type),
        _ => throw new NotSupportedException($"No values of {type} are known here: add them."),
    };

    /// <summary>What <c>new()</c> gives; where there is no such constructor, all members are as memory is cleared.</summary>
    public static object DefaultOf(Type type) =>
        type.IsEnum || type.GetConstructor(Type.EmptyTypes) is not null
            ? Activator.CreateInstance(type)!
            : RuntimeHelpers.GetUninitializedObject(type);

    private object Filled(Type type)
    {
        var message = DefaultOf(type);
        foreach (var property in type.GetProperties(BindingFlags.Instance | BindingFlags.Public).Where(property => property.CanWrite))
            property.SetValue(message, Of(property.PropertyType));
        return message;
    }

    private object ArrayOf(Type element)
    {
        var items = Array.CreateInstance(element, 2);
        for (var i = 0; i < items.Length; i++) items.SetValue(Of(element), i);
        var create = typeof(ImmutableArray).GetMethods().Single(method =>
            method.Name == nameof(ImmutableArray.Create) && method.GetParameters() is [{ ParameterType.IsArray: true }]);
        return create.MakeGenericMethod(element).Invoke(null, [items])!;
    }

    private static object LastOf(Type type) => ((IList)Enum.GetValues(type))[^1]!;
}
