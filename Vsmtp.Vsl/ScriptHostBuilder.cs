using System.Collections.Frozen;
using Vsmtp.Vsl.Library;

namespace Vsmtp.Vsl;

/// <summary>
/// Collects what a host offers. The root level holds global functions and constants; modules are reached as <c>name::x</c>.
/// </summary>
/// <remarks>
/// Parameter counts include the receiver: <c>x.f(y)</c> calls the two-parameter <c>f</c>. Overloads differ by count, or,
/// with <c>Method</c>, by the receiver's type; a method wins over the language's own function of that name, and that wins
/// over a plain <c>Function</c> if it takes the receiver's kind.
/// </remarks>
public sealed class ScriptHostBuilder
{
    private readonly NativeModuleBuilder _root = new();
    private readonly Dictionary<string, NativeModuleBuilder> _modules = [];
    private IObjectFactory? _objects;
    private IServiceFactory? _services;
    private HostOutput? _output;
    private readonly Dictionary<string, string> _serviceCalls = [];

    public ScriptHostBuilder Function(string name, int parameterCount, HostFunction function)
    {
        _root.Add(NativeFunction.Sync(name, parameterCount, null, function));
        return this;
    }

    public ScriptHostBuilder AsyncFunction(string name, int parameterCount, AsyncHostFunction function)
    {
        _root.Add(NativeFunction.Async(name, parameterCount, null, function));
        return this;
    }

    /// <summary>A function for receivers of one type only.</summary>
    public ScriptHostBuilder Method<T>(string name, int parameterCount, HostFunction function)
        where T : HostObject
    {
        _root.Add(NativeFunction.Sync(name, parameterCount, typeof(T), function));
        return this;
    }

    public ScriptHostBuilder AsyncMethod<T>(string name, int parameterCount, AsyncHostFunction function)
        where T : HostObject
    {
        _root.Add(NativeFunction.Async(name, parameterCount, typeof(T), function));
        return this;
    }

    /// <summary>As the others, for receivers whose type is known when the host is built.</summary>
    /// <param name="receiver">A type of host objects; null: any value.</param>
    public ScriptHostBuilder Method(string name, Type? receiver, int parameterCount, HostFunction function)
    {
        _root.Add(NativeFunction.Sync(name, parameterCount, receiver, function));
        return this;
    }

    /// <inheritdoc cref="Method(string, Type?, int, HostFunction)"/>
    public ScriptHostBuilder AsyncMethod(string name, Type? receiver, int parameterCount, AsyncHostFunction function)
    {
        _root.Add(NativeFunction.Async(name, parameterCount, receiver, function));
        return this;
    }

    /// <summary>A function of arrays that scripts read as <c>x.name</c>.</summary>
    public ScriptHostBuilder ArrayProperty(string name, HostFunction function)
    {
        _root.Add(NativeFunction.Sync(name, 1, null, function) with { Receivers = Kinds.Array, IsProperty = true });
        return this;
    }

    /// <summary>A name that every file and every function sees.</summary>
    public ScriptHostBuilder Constant(string name, Value value)
    {
        _root.Add(name, value.Share());
        return this;
    }

    /// <summary>Adds to the module <paramref name="name"/>; may be called several times.</summary>
    public ScriptHostBuilder Module(string name, Action<NativeModuleBuilder> build)
    {
        if (!_modules.TryGetValue(name, out var module)) _modules[name] = module = new NativeModuleBuilder();
        build(module);
        return this;
    }

    public ScriptHostBuilder Objects(IObjectFactory factory)
    {
        _objects = factory;
        return this;
    }

    public ScriptHostBuilder Services(IServiceFactory factory)
    {
        _services = factory;
        return this;
    }

    /// <summary>
    /// Makes <c>const NAME = module::function(#{ … })</c> declare a service as <c>service NAME KIND = #{ … }</c> does. Elsewhere the call is
    /// one of the module's function, which can say that a service needs a name.
    /// </summary>
    /// <param name="call">As scripts write it, e.g. <c>smtp::connect</c>.</param>
    /// <param name="kind">One of <see cref="IServiceFactory.Kinds"/>.</param>
    public ScriptHostBuilder ServiceCall(string call, string kind)
    {
        _serviceCalls.Add(call, kind);
        return this;
    }

    /// <summary>Where <c>print</c> and <c>debug</c> write. Without it their text is dropped.</summary>
    public ScriptHostBuilder Output(HostOutput output)
    {
        _output = output;
        return this;
    }

    public ScriptHost Build() =>
        new(
            _root.Build(StandardLibrary.Functions),
            _modules.ToFrozenDictionary(m => m.Key, m => m.Value.Build([])),
            _objects,
            _services,
            _serviceCalls.ToFrozenDictionary(),
            _output);
}
