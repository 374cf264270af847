namespace Vsmtp.Vsl;

/// <summary>A native function that never waits. Arguments hold exactly the registered number of values.</summary>
public delegate Completion HostFunction(HostCall call, ReadOnlySpan<Value> arguments);

/// <summary>A native function that may wait: look-ups, commands, queries.</summary>
public delegate ValueTask<Completion> AsyncHostFunction(HostCall call, Value[] arguments);

/// <summary>Takes the text of <c>print</c> and <c>debug</c>, without a line end.</summary>
public delegate void HostOutput(HostCall call, string text);
