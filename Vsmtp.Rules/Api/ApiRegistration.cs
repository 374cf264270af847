using Vsmtp.Rules.Functions;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Api;

/// <summary>
/// Gives every function of the table all the ways in which scripts call it: <c>has_header("X")</c>, <c>msg().has_header("X")</c>,
/// <c>sys::has_header(msg(), "X")</c> and, as in vSMTP 2.x, <c>msg::has_header("X")</c>.
/// </summary>
internal static class ApiRegistration
{
    private const string NativeModule = "sys";

    private static readonly (ApiReceivers Flag, string Getter, Type Type)[] Handles =
    [
        (ApiReceivers.Context, "ctx()", typeof(ContextHandle)),
        (ApiReceivers.Message, "msg()", typeof(MessageHandle)),
        (ApiReceivers.Server, "srv()", typeof(ServerHandle)),
    ];

    public static void Register(ApiTable table, ScriptHostBuilder host)
    {
        foreach (var function in table.Functions) Register(function, host);
        foreach (var constant in table.Constants)
        {
            if (constant.Name is { } name) host.Constant(name, constant.Value);
            foreach (var newer in constant.Newer) InModule(host, newer, (module, inner) => module.Function(inner, 0, (_, _) => constant.Value));
        }
    }

    private static void Register(ApiFunction function, ScriptHostBuilder host)
    {
        foreach (var name in function.GlobalNames)
        {
            if (function.ReceiverType is { } type) Add(host, function, name, type, function.ParameterCount + 1);
            else RegisterGlobal(function, name, host);
        }

        foreach (var name in function.ModuleNames)
        {
            InModule(host, name, (module, inner) => Add(module, function, inner, function.ParameterCount + (function.ReceiverType is null ? 0 : 1)));
        }
    }

    private static void RegisterGlobal(ApiFunction function, string name, ScriptHostBuilder host)
    {
        Add(host, function, name, null, function.ParameterCount);
        foreach (var (_, _, type) in Handles.Where(handle => function.Receivers.HasFlag(handle.Flag)))
        {
            Add(host, OnHandle(function), name, type, function.ParameterCount + 1);
        }

        host.Module(NativeModule, sys =>
        {
            if (function.Receivers is ApiReceivers.None) Add(sys, function, name, function.ParameterCount);
            else Add(sys, OnHandle(function, name), name, function.ParameterCount + 1);
        });
    }

    /// <summary>The same for arguments with the handle in front; where a name is given, what stands there is looked at.</summary>
    private static ApiFunction OnHandle(ApiFunction function, string? checkedName = null)
    {
        Completion? Fault(in Value handle) =>
            checkedName is null || IsOneOf(function.Receivers, handle)
                ? (Completion?)null
                : Completion.Error($"the first argument of `{NativeModule}::{checkedName}` must be {Getters(function.Receivers)}");

        return function with
        {
            Sync = function.Sync is { } sync ? (call, arguments) => Fault(arguments[0]) ?? sync(call, arguments[1..]) : null,
            Async = function.Async is { } waiting
                ? (call, arguments) => Fault(arguments[0]) is { } fault ? new(fault) : waiting(call, arguments[1..])
                : null,
        };
    }

    private static void Add(ScriptHostBuilder host, ApiFunction function, string name, Type? receiver, int count)
    {
        if (function.Sync is { } sync) host.Method(name, receiver, count, sync);
        else host.AsyncMethod(name, receiver, count, function.Async!);
    }

    private static void Add(NativeModuleBuilder module, ApiFunction function, string name, int count)
    {
        if (function.Sync is { } sync) module.Function(name, count, sync);
        else module.AsyncFunction(name, count, function.Async!);
    }

    private static void InModule(ScriptHostBuilder host, string name, Action<NativeModuleBuilder, string> add)
    {
        var colons = name.IndexOf("::", StringComparison.Ordinal);
        host.Module(name[..colons], module => add(module, name[(colons + 2)..]));
    }

    private static bool IsOneOf(ApiReceivers receivers, in Value value)
    {
        if (value.Kind is not ValueKind.Host) return false;
        var type = value.AsHost().GetType();
        foreach (var handle in Handles)
        {
            if (handle.Type == type) return receivers.HasFlag(handle.Flag);
        }

        return false;
    }

    private static string Getters(ApiReceivers receivers) =>
        string.Join(" or ", Handles.Where(handle => receivers.HasFlag(handle.Flag)).Select(handle => handle.Getter));
}
