namespace Vsmtp.Vsl.Evaluation;

/// <summary>All modules of a script that was evaluated, by <see cref="ModuleCode.Index"/>.</summary>
internal sealed class ScriptInstance
{
    public ScriptInstance(IReadOnlyList<ModuleCode> modules)
    {
        Modules = [.. modules.Select(m => new ModuleInstance(m, this))];
    }

    public IReadOnlyList<ModuleInstance> Modules { get; }
}
