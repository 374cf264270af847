using Vsmtp.Vsl.Library;

namespace Vsmtp.Vsl;

/// <summary>Collects the functions and constants of one native module, e.g. <c>sys::</c>.</summary>
public sealed class NativeModuleBuilder
{
    private readonly List<NativeFunction> _functions = [];
    private readonly Dictionary<string, Value> _constants = [];

    internal NativeModuleBuilder()
    {
    }

    public NativeModuleBuilder Function(string name, int parameterCount, HostFunction function) =>
        Add(NativeFunction.Sync(name, parameterCount, null, function));

    public NativeModuleBuilder AsyncFunction(string name, int parameterCount, AsyncHostFunction function) =>
        Add(NativeFunction.Async(name, parameterCount, null, function));

    public NativeModuleBuilder Constant(string name, Value value) => Add(name, value.Share());

    internal NativeModuleBuilder Add(NativeFunction function)
    {
        _functions.Add(function);
        return this;
    }

    internal NativeModuleBuilder Add(string name, Value value)
    {
        _constants.Add(name, value);
        return this;
    }

    internal NativeModule Build(IEnumerable<NativeFunction> library) => new([.. _functions, .. library], _constants);
}
