using Vsmtp.Rules.Running;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Api;

/// <summary>A native function over the transaction of a run.</summary>
internal delegate Completion ContextFunction(StageState state, ReadOnlySpan<Value> arguments);

/// <summary>One whose work grows with the message, so that it charges for it.</summary>
internal delegate Completion PayingFunction(StageState state, HostCall call, ReadOnlySpan<Value> arguments);

/// <summary>One that reads or writes content or files.</summary>
internal delegate ValueTask<Completion> AsyncContextFunction(StageState state, HostCall call, Value[] arguments);
