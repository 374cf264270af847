using Vsmtp.Rules.Running;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Functions;

/// <summary>A native function over the transaction of a run.</summary>
internal delegate Completion ContextFunction(StageState state, ReadOnlySpan<Value> arguments);

/// <summary>
/// Registers functions under all the ways in which scripts call them: <c>has_header("X")</c>, <c>msg().has_header("X")</c> and
/// <c>sys::has_header(msg(), "X")</c>.
/// </summary>
internal sealed class RuleApi(ScriptHostBuilder host)
{
    public ScriptHostBuilder Host => host;

    /// <param name="parameterCount">Without the handle.</param>
    public void OnContext(string name, int parameterCount, ContextFunction function) =>
        On<ContextHandle>(name, parameterCount, function);

    /// <inheritdoc cref="OnContext"/>
    public void OnMessage(string name, int parameterCount, ContextFunction function) =>
        On<MessageHandle>(name, parameterCount, function);

    private void On<T>(string name, int parameterCount, ContextFunction function)
        where T : Handle
    {
        host.Function(name, parameterCount, (call, arguments) => Call(name, function, call, arguments));
        host.Method<T>(name, parameterCount + 1, (call, arguments) => Call(name, function, call, arguments[1..]));
        host.Module("sys", sys => sys.Function(name, parameterCount + 1, (call, arguments) =>
            arguments[0].TryAsHost<T>(out _)
                ? Call(name, function, call, arguments[1..])
                : Completion.Error($"the first argument of `sys::{name}` must be {Getter<T>()}")));
    }

    private static Completion Call(string name, ContextFunction function, HostCall call, ReadOnlySpan<Value> arguments) =>
        call.State is StageState state
            ? Charge(call, function(state, arguments))
            : Completion.Error($"`{name}` needs a transaction, and there is none while the rules are loaded");

    /// <summary>What a script takes out of the transaction counts as its own memory.</summary>
    private static Completion Charge(HostCall call, Completion result) =>
        call.TryCharge(SizeOf(result.Value)) ? result : call.SpentBudget;

    private static long SizeOf(in Value value) => value.Kind switch
    {
        ValueKind.String => value.AsString().Length * sizeof(char),
        ValueKind.Array => value.AsArray().Sum(item => SizeOf(item)),
        ValueKind.Map => value.AsMap().Sum(entry => entry.Key.Length * sizeof(char) + SizeOf(entry.Value)),
        ValueKind.Host => IntPtr.Size + (value.AsHost().Items?.Sum(item => SizeOf(item)) ?? 0),
        _ => 0,
    };

    private static string Getter<T>() => typeof(T) == typeof(MessageHandle) ? "msg()" : "ctx()";
}
