using Vsmtp.Vsl.Evaluation;

namespace Vsmtp.Vsl.Syntax.Expressions;

/// <summary><c>global::X</c> or <c>alias::x</c>, resolved: a top-level name of this or an imported file.</summary>
/// <param name="module">Index of the module; -1 for the own one.</param>
internal sealed class ModuleVariable(int module, int slot, string name, SourceSpan span) : Node(span)
{
    public override Code Compile() => Code.Of(frame =>
    {
        var home = module < 0 ? frame.Module : frame.Module.Script.Modules[module];
        return home.TryGetGlobal(slot, out var value) ? value : EngineError.VariableNotFound(name, Span);
    });
}
