namespace Vsmtp.Vsl.Evaluation;

/// <summary>One compiled file.</summary>
internal sealed class ModuleCode(int index, string path)
{
    /// <summary>Place in the order of evaluation: imports before what imports them.</summary>
    public int Index { get; } = index;

    public string Path { get; } = path;

    public FunctionCode TopLevel { get; } = new("top level", 0, new SourceSpan(path, 1, 1, 1, 1), isClosure: false) { IsTopLevel = true };

    /// <summary>Top-level slots that <c>global::</c> and importers can name: unset until their declaration has run.</summary>
    public int[] GlobalSlots { get; set; } = [];

    public Dictionary<(string Name, int ParameterCount), FunctionCode> Functions { get; } = [];
}
