using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using Orleans.Storage;
using Vsmtp.Embedded.Activations;

namespace Vsmtp.Embedded.States;

/// <summary>A constructor parameter that is a state of the grain.</summary>
internal sealed class StateParameter
{
    private readonly PersistentStateAttribute _names;
    private readonly ConstructorInfo _facet;

    public StateParameter(ParameterInfo parameter)
    {
        _names = parameter.GetCustomAttribute<PersistentStateAttribute>()!;
        ParameterType = parameter.ParameterType;
        StateType = ParameterType is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(IPersistentState<>)
            ? type.GenericTypeArguments[0]
            : throw new InvalidOperationException(
                $"{parameter.Member.DeclaringType}: [PersistentState] is for IPersistentState<T>, not {ParameterType}.");
        _facet = typeof(StateFacet<>).MakeGenericType(StateType).GetConstructors()[0];
    }

    public Type ParameterType { get; }

    public Type StateType { get; }

    public static bool Is(ParameterInfo parameter) => parameter.IsDefined(typeof(PersistentStateAttribute));

    /// <summary>Where this state is kept.</summary>
    /// <exception cref="InvalidOperationException">No storage has that name.</exception>
    public IGrainStorage StorageIn(IServiceProvider services) => _names.StorageName is { Length: > 0 } name
        ? services.GetKeyedService<IGrainStorage>(name)
            ?? throw new InvalidOperationException($"The state \"{_names.StateName}\" wants the storage \"{name}\", and none is registered under that name.")
        : services.GetService<IGrainStorage>()
            ?? throw new InvalidOperationException($"The state \"{_names.StateName}\" wants the default storage, and none is registered.");

    public StateFacet Attach(Activation activation) =>
        (StateFacet)_facet.Invoke([activation, _names.StateName, StorageIn(activation.ActivationServices)]);
}
