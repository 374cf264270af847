using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Reflection;
using Orleans;
using Orleans.Runtime;

namespace Vsmtp.Embedded.Classes;

/// <summary>The grain classes that this host runs.</summary>
internal sealed class GrainClasses
{
    private readonly FrozenDictionary<GrainType, GrainClass> _byType;

    /// <exception cref="InvalidOperationException">Two classes have one grain type, or a class cannot be made.</exception>
    public GrainClasses(IEnumerable<Assembly> assemblies)
    {
        var classes = assemblies.SelectMany(assembly => assembly.GetTypes()).Where(IsGrainClass).Select(type => new GrainClass(type)).ToList();
        if (classes.GroupBy(known => known.Type).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new InvalidOperationException($"More than one grain class is \"{twice.Key}\": {string.Join(", ", twice.Select(known => known.Implementation))}.");

        _byType = classes.ToFrozenDictionary(known => known.Type);
    }

    public ImmutableArray<GrainClass> All => _byType.Values;

    /// <summary>The class with that type; null when this program has none (any more).</summary>
    public GrainClass? Find(GrainType type) => _byType.GetValueOrDefault(type);

    /// <exception cref="ArgumentException">No class implements it, or more than one.</exception>
    public GrainClass Implementing(Type grainInterface, string? classNamePrefix)
    {
        var found = All.Where(known => grainInterface.IsAssignableFrom(known.Implementation)
            && (classNamePrefix is null || known.Implementation.FullName!.StartsWith(classNamePrefix, StringComparison.Ordinal))).ToList();
        return found switch
        {
            [var only] => only,
            [] => throw new ArgumentException($"Could not find an implementation for interface {grainInterface}."),
            _ => throw new ArgumentException(
                $"{grainInterface} has more than one implementation: {string.Join(", ", found.Select(known => known.Implementation))}."),
        };
    }

    public static bool IsGrainClass(Type type) => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IGrainBase));
}
