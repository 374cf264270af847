using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Concurrency;
using Orleans.Core;
using Orleans.Runtime;
using Vsmtp.Embedded.Activations;
using Vsmtp.Embedded.States;

namespace Vsmtp.Embedded.Classes;

/// <summary>One grain class: what it is called, how it is made, and its activations.</summary>
internal sealed class GrainClass
{
    private readonly ConcurrentDictionary<ActivationKey, Activation> _activations = new();
    private readonly StateParameter[] _parameters;
    private readonly StateParameter? _inherited;   // of Grain<TState>
    private readonly bool _wantsContext;
    private readonly ObjectFactory _make;

    /// <exception cref="InvalidOperationException">The class has not exactly one public constructor, or one that cannot be served.</exception>
    public GrainClass(Type implementation)
    {
        Implementation = implementation;
        Type = TypeOf(implementation);
        IsReentrant = implementation.IsDefined(typeof(ReentrantAttribute), inherit: true);
        HasOnActivate = Overrides(implementation, nameof(Grain.OnActivateAsync));
        HasOnDeactivate = Overrides(implementation, nameof(Grain.OnDeactivateAsync));
        MaxWorkers = implementation.GetCustomAttribute<StatelessWorkerAttribute>()?.MaxLocalWorkers ?? 1;

        var parameters = implementation.GetConstructors() is [var only]
            ? only.GetParameters()
            : throw new InvalidOperationException($"{implementation} needs exactly one public constructor.");
        _parameters = [.. parameters.Where(StateParameter.Is).Select(parameter => new StateParameter(parameter))];
        _inherited = StateTypeOf(implementation) is { } state ? new StateParameter(state) : null;
        _wantsContext = parameters.Any(parameter => parameter.ParameterType == typeof(IGrainContext));
        Type[] context = _wantsContext ? [typeof(IGrainContext)] : [];
        _make = ActivatorUtilities.CreateFactory(implementation, [.. context, .. _parameters.Select(state => state.FacetType)]);
    }

    public Type Implementation { get; }

    public GrainType Type { get; }

    public bool IsReentrant { get; }

    /// <summary>False: it does nothing of its own when it is activated.</summary>
    public bool HasOnActivate { get; }

    /// <summary>False: it does nothing of its own when it is deactivated.</summary>
    public bool HasOnDeactivate { get; }

    /// <summary>How many activations one key may have; 1 but for stateless workers.</summary>
    public int MaxWorkers { get; }

    public ImmutableArray<StateParameter> States => _inherited is null ? [.. _parameters] : [.. _parameters, _inherited];

    /// <summary>Those that exist.</summary>
    public IEnumerable<Activation> Activations => _activations.Select(known => known.Value);

    /// <summary>The activation under <paramref name="key"/>; a new one, not yet begun, when there is none.</summary>
    public Activation Activation(ActivationCatalog catalog, ActivationKey key) => _activations.GetOrAdd(
        key, static (key, both) => new Activation(both.Catalog, both.Class, key), (Catalog: catalog, Class: this));

    /// <summary>Forgets an activation that is gone.</summary>
    public void Remove(Activation gone) => _activations.TryRemove(new KeyValuePair<ActivationKey, Activation>(gone.Key, gone));

    /// <summary>Puts <paramref name="next"/> in the place of one that is gone.</summary>
    public void Replace(Activation gone, Activation next)
    {
        _activations[gone.Key] = next;
        next.Begin();
    }

    /// <summary>Makes the grain object, in a turn of <paramref name="activation"/>, and reads its states.</summary>
    /// <param name="made">Told of the object before the states are read.</param>
    public async Task MakeAsync(Activation activation, Action<object> made)
    {
        var facets = Array.ConvertAll(_parameters, state => state.Attach(activation));
        object[] context = _wantsContext ? [activation] : [];
        var grain = Make(activation, [.. context, .. facets]);
        made(grain);
        foreach (var facet in facets) await facet.ReadStateAsync().ConfigureAwait(true);
        if (_inherited is not null) await ((IStateHolder)grain).AttachAsync((IStorage)_inherited.Attach(activation)).ConfigureAwait(true);
    }

    /// <summary>Calls the constructor; what it throws is wrapped, as in Orleans.</summary>
    private object Make(Activation activation, object[] arguments)
    {
        try
        {
            return _make(activation.ActivationServices, arguments);
        }
        catch (Exception fault)
        {
            throw new InvalidOperationException($"Failed to create an instance of grain type '{Implementation}': {fault.Message}", fault);
        }
    }

    private static bool Overrides(Type implementation, string method)
    {
        if (!implementation.IsAssignableTo(typeof(IGrainBase))) return false;
        var map = implementation.GetInterfaceMap(typeof(IGrainBase));
        var own = map.TargetMethods[Array.FindIndex(map.InterfaceMethods, candidate => candidate.Name == method)];
        return own.DeclaringType != typeof(Grain) && own.DeclaringType != typeof(IGrainBase);
    }

    /// <summary>The class name without "Grain", in lower case, as Orleans has it.</summary>
    private static GrainType TypeOf(Type implementation)
    {
        var name = implementation.Name;
        if (name.EndsWith("Grain", StringComparison.OrdinalIgnoreCase) && name.Length > "Grain".Length) name = name[..^"Grain".Length];
        return GrainType.Create(name.ToLowerInvariant());
    }

    /// <summary>What a <c>Grain&lt;TState&gt;</c> keeps; null for other grains.</summary>
    public static Type? StateTypeOf(Type implementation)
    {
        for (var type = implementation; type is not null; type = type.BaseType)
            if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Grain<>)) return type.GenericTypeArguments[0];
        return null;
    }
}
