namespace Vsmtp.Vsl.Binding;

/// <summary>A declared name and its place in the frame.</summary>
internal sealed class LocalVariable(string name, int slot, bool isConstant, SourceSpan span)
{
    public string Name { get; } = name;

    public int Slot { get; } = slot;

    public bool IsConstant { get; } = isConstant;

    /// <summary>Where it is declared.</summary>
    public SourceSpan Span { get; } = span;

    /// <summary>How many blocks of its function were open around the declaration.</summary>
    public int Depth { get; init; }

    /// <summary>Whether its value is ever looked at; what nobody is expected to read counts as read.</summary>
    public bool IsRead { get; set; } = true;

    /// <summary>Type of its value where that never changes; null: not known.</summary>
    public string? Type { get; set; }
}
