namespace Vsmtp.Vsl.Evaluation;

/// <summary>The variables of one call in progress.</summary>
internal sealed class Frame(ScriptRun run, ModuleInstance module, int slotCount)
{
    public ScriptRun Run { get; } = run;

    /// <summary>The module whose text is being run: its constants, functions and imports.</summary>
    public ModuleInstance Module { get; } = module;

    public Value[] Slots { get; } = slotCount == 0 ? [] : new Value[slotCount];

    /// <summary>Null: <c>this</c> is not bound.</summary>
    public Receiver? Receiver { get; init; }

    public Budget Budget => Run.Budget;
}
