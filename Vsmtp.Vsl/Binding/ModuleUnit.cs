using Vsmtp.Vsl.Evaluation;
using Vsmtp.Vsl.Syntax.Statements;

namespace Vsmtp.Vsl.Binding;

/// <summary>One parsed file on its way to code.</summary>
internal sealed class ModuleUnit(int index, FileSyntax syntax)
{
    public FileSyntax Syntax { get; } = syntax;

    public ModuleCode Code { get; } = new(index, syntax.Path);

    public int Index => Code.Index;

    /// <summary>Modules by the path text of the import statement.</summary>
    public Dictionary<string, ModuleUnit> Targets { get; } = [];

    public Dictionary<(string Name, int ParameterCount), FunctionDeclaration> Functions { get; } = [];

    /// <summary>Top-level constants, objects and services: what <c>global::</c> reads, as slots.</summary>
    public Dictionary<string, int> Globals { get; } = [];

    /// <summary>What importers see, as slots.</summary>
    public Dictionary<string, int> Exports { get; } = [];

    /// <summary>Imports at the top level, by alias.</summary>
    public Dictionary<string, ModuleUnit> Aliases { get; } = [];

    /// <summary>All names of top-level variables and where they are declared, to explain why a function does not see one.</summary>
    public Dictionary<string, SourceSpan> TopLevelNames { get; } = [];

    public FunctionDeclaration? FindFunction(string name, int parameterCount) =>
        Functions.GetValueOrDefault((name, parameterCount));
}
