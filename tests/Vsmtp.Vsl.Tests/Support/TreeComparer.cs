using System.Collections;
using System.Reflection;
using Vsmtp.Vsl.Evaluation;
using Vsmtp.Vsl.Syntax;

namespace Vsmtp.Vsl.Tests.Support;

/// <summary>Compares two trees field by field, but for places. It knows no kind of node, so that a new one cannot be forgotten.</summary>
internal static class TreeComparer
{
    /// <returns>Where they differ; null: they are the same.</returns>
    public static string? Difference(object? left, object? right, string path = "")
    {
        if (left is null || right is null) return left is null && right is null ? null : path;
        if (left.GetType() != right.GetType()) return $"{path}: {left.GetType().Name} and {right.GetType().Name}";
        return (left, right) switch
        {
            (SourceSpan or Delegate or FunctionCode, _) => null,
            (Identifier a, Identifier b) => a.Name == b.Name ? null : $"{path}: {a.Name} and {b.Name}",
            (Value a, Value b) => a.Kind == b.Kind && a.ToDebug() == b.ToDebug() ? null : $"{path}: {a} and {b}",
            (string or bool or int or char or Enum or Signal, _) => left.Equals(right) ? null : $"{path}: {left} and {right}",
            (IEnumerable a, IEnumerable b) => Items([.. a.Cast<object?>()], [.. b.Cast<object?>()], path),
            _ => Fields(left.GetType()).Select(f => Difference(f.GetValue(left), f.GetValue(right), $"{path}/{left.GetType().Name}.{f.Name}"))
                .FirstOrDefault(found => found is not null),
        };
    }

    private static string? Items(object?[] left, object?[] right, string path) =>
        left.Length != right.Length
            ? $"{path}: {left.Length} and {right.Length} items"
            : left.Zip(right).Select((pair, i) => Difference(pair.First, pair.Second, $"{path}[{i}]")).FirstOrDefault(found => found is not null);

    private static IEnumerable<FieldInfo> Fields(Type type)
    {
        for (var at = type; at is not null && at != typeof(object); at = at.BaseType)
        {
            foreach (var field in at.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
                yield return field;
        }
    }
}
