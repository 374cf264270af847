using System.Collections.Frozen;
using System.Reflection;
using Vsmtp.Embedded.Classes;

namespace Vsmtp.Embedded.Calls;

/// <summary>A grain interface together with the class that implements it.</summary>
internal sealed class GrainInterface(Type type, GrainClass grainClass)
{
    private readonly FrozenDictionary<MethodInfo, GrainMethod> _methods = type.GetInterfaces().Append(type)
        .SelectMany(part => part.GetMethods(BindingFlags.Instance | BindingFlags.Public))
        .ToFrozenDictionary(method => method, GrainMethod.Of);

    public GrainClass Class => grainClass;

    public GrainMethod MethodOf(MethodInfo method) => _methods[method];
}
