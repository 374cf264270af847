using System.Collections.Frozen;
using Vsmtp.Vsl.Library;

namespace Vsmtp.Vsl;

/// <summary>
/// Everything that scripts can see beside the language itself. Immutable and shared; made by <see cref="ScriptHostBuilder"/>.
/// </summary>
public sealed class ScriptHost
{
    internal ScriptHost(
        NativeModule root,
        FrozenDictionary<string, NativeModule> modules,
        IObjectFactory? objects,
        IServiceFactory? services,
        FrozenDictionary<string, string> serviceCalls,
        HostOutput? output)
    {
        Root = root;
        Modules = modules;
        Objects = objects;
        Services = services;
        ServiceCalls = serviceCalls;
        Output = output;
    }

    /// <summary>A host that offers nothing but the language.</summary>
    public static ScriptHost Bare { get; } = new ScriptHostBuilder().Build();

    /// <summary>The same with one more module, which may not be there yet. What is in this host is not built again.</summary>
    public ScriptHost With(string module, Action<NativeModuleBuilder> build)
    {
        var added = new NativeModuleBuilder();
        build(added);
        var modules = new Dictionary<string, NativeModule>(Modules) { { module, added.Build([]) } };
        return new ScriptHost(Root, modules.ToFrozenDictionary(), Objects, Services, ServiceCalls, Output);
    }

    /// <summary>Null: the language has no objects here, and each declaration is an error.</summary>
    public IObjectFactory? Objects { get; }

    /// <summary>Null: the language has no services here, and each declaration is an error.</summary>
    public IServiceFactory? Services { get; }

    internal NativeModule Root { get; }

    internal FrozenDictionary<string, NativeModule> Modules { get; }

    /// <summary>Calls that declare a service when they are given a name, with its kind.</summary>
    internal FrozenDictionary<string, string> ServiceCalls { get; }

    internal HostOutput? Output { get; }
}
