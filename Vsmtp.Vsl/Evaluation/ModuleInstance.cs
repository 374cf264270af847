namespace Vsmtp.Vsl.Evaluation;

/// <summary>One module after its top level has run: the home of its constants.</summary>
internal sealed class ModuleInstance(ModuleCode code, ScriptInstance script)
{
    public ModuleCode Code { get; } = code;

    public ScriptInstance Script { get; } = script;

    /// <summary>The top level's variables. Written while the top level runs; only read afterwards, by any thread.</summary>
    public Value[] Globals { get; set; } = [];

    /// <summary>A top-level name's value.</summary>
    /// <returns>False while the top level has not come to it yet.</returns>
    public bool TryGetGlobal(int slot, out Value value)
    {
        value = slot < Globals.Length ? Globals[slot] : Value.Unset;
        if (value.IsUnset) return false;
        value = value.Share();
        return true;
    }
}
