namespace Vsmtp.Vsl.Evaluation;

/// <summary>The variables of one call in progress.</summary>
internal sealed class Frame(ScriptRun run)
{
    private Frame? _next;

    public ScriptRun Run { get; } = run;

    public Budget Budget { get; } = run.Budget;

    /// <summary>The module whose text is being run: its constants, functions and imports.</summary>
    public ModuleInstance Module { get; private set; } = null!;

    /// <summary>At least as many as the function has; a variable's is written by its declaration before anything reads it.</summary>
    public Value[] Slots { get; private set; } = [];

    /// <summary>Null: <c>this</c> is not bound.</summary>
    public Receiver? Receiver { get; private set; }

    /// <summary>The function for which it is as a plain call wants it; null: for none.</summary>
    public FunctionCode? ReadyFor { get; private set; }

    /// <summary>The frame for a call that this one makes.</summary>
    public Frame Next => _next ??= Run.Frames.Current;

    public void Begin(FunctionCode function, ModuleInstance module, Receiver? receiver)
    {
        var slotCount = function.SlotCount;
        ReadyFor = receiver is null ? function : null;
        if (Slots.Length < slotCount) Slots = new Value[slotCount];
        // A write of a reference costs more than a look at it.
        if (!ReferenceEquals(Module, module)) Module = module;
        if (!ReferenceEquals(Receiver, receiver)) Receiver = receiver;
    }
}
