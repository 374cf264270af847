using System.Collections.Immutable;
using System.Reflection;
using Orleans.Runtime;
using Vsmtp.Embedded.Classes;

namespace Vsmtp.Embedded.Messages;

/// <summary>
/// Checks grain interfaces, their messages, states and grain classes. This host passes messages by reference, which is the same
/// as Orleans' copying only if nothing in them can change; and the same source must pass Orleans' generator.
/// </summary>
public static class MessageContract
{
    /// <summary>The faults of all grain interfaces and grain classes of <paramref name="assemblies"/> and of what they use.</summary>
    public static ImmutableArray<ContractFault> Check(params IEnumerable<Assembly> assemblies) =>
        CheckTypes(assemblies.SelectMany(assembly => assembly.GetTypes()));

    /// <summary>As <see cref="Check"/>, of the grain interfaces and grain classes among <paramref name="types"/>.</summary>
    internal static ImmutableArray<ContractFault> CheckTypes(IEnumerable<Type> types)
    {
        var walk = new ContractWalk();
        foreach (var type in types)
        {
            if (IsGrainInterface(type)) walk.VisitInterface(type);
            else if (GrainClasses.IsGrainClass(type)) walk.VisitClass(type);
        }

        return walk.Faults;
    }

    /// <summary>Whether it is a grain interface that a program has declared, not one of Orleans' own.</summary>
    internal static bool IsGrainInterface(Type type) =>
        type.IsInterface && type != typeof(IAddressable) && type.IsAssignableTo(typeof(IAddressable)) && type.Assembly != typeof(IAddressable).Assembly;
}
