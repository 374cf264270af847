using System.Linq.Expressions;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using Orleans.Storage;

namespace Vsmtp.Embedded.States;

/// <summary>A state that a grain class has: its type and names.</summary>
internal sealed class StateParameter
{
    private readonly string? _storageName;
    private readonly Func<IGrainContext, string, IGrainStorage, IStateFacet> _makeFacet;

    /// <summary>The state of a constructor parameter with <see cref="PersistentStateAttribute"/>.</summary>
    public StateParameter(ParameterInfo parameter)
        : this(StateTypeOf(parameter), parameter.GetCustomAttribute<PersistentStateAttribute>()!)
    {
    }

    /// <summary>The state of a <c>Grain&lt;TState&gt;</c>.</summary>
    public StateParameter(Type stateType)
        : this(stateType, new PersistentStateAttribute("state"))
    {
    }

    private StateParameter(Type stateType, PersistentStateAttribute names)
    {
        StateType = stateType;
        StateName = names.StateName;
        _storageName = names.StorageName;
        _makeFacet = MakerOf(typeof(StateFacet<>).MakeGenericType(stateType).GetConstructors()[0]);
    }

    public Type StateType { get; }

    public string StateName { get; }

    public Type FacetType => typeof(IPersistentState<>).MakeGenericType(StateType);

    public static bool Is(ParameterInfo parameter) => parameter.IsDefined(typeof(PersistentStateAttribute));

    /// <summary>Where this state is kept.</summary>
    /// <exception cref="InvalidOperationException">No storage has that name.</exception>
    public IGrainStorage StorageIn(IServiceProvider services) => string.IsNullOrWhiteSpace(_storageName)
        ? services.GetService<IGrainStorage>()
            ?? throw new InvalidOperationException($"The state \"{StateName}\" wants the default storage, and none is registered.")
        : services.GetKeyedService<IGrainStorage>(_storageName)
            ?? throw new InvalidOperationException($"The state \"{StateName}\" wants the storage \"{_storageName}\", and none has that name.");

    /// <summary>Makes the state of one activation; it is not yet read.</summary>
    public IStateFacet Attach(IGrainContext activation) =>
        _makeFacet(activation, StateName, StorageIn(activation.ActivationServices));

    private static Func<IGrainContext, string, IGrainStorage, IStateFacet> MakerOf(ConstructorInfo constructor)
    {
        ParameterExpression[] parameters =
            [Expression.Parameter(typeof(IGrainContext)), Expression.Parameter(typeof(string)), Expression.Parameter(typeof(IGrainStorage))];
        return Expression.Lambda<Func<IGrainContext, string, IGrainStorage, IStateFacet>>(Expression.New(constructor, parameters), parameters).Compile();
    }

    private static Type StateTypeOf(ParameterInfo parameter) =>
        parameter.ParameterType is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(IPersistentState<>)
            ? type.GenericTypeArguments[0]
            : throw new InvalidOperationException(
                $"{parameter.Member.DeclaringType}: [PersistentState] is for IPersistentState<T>, not {parameter.ParameterType}.");
}
