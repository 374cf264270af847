namespace Vsmtp.Vsl.Binding;

/// <summary>A declared name and its place in the frame.</summary>
internal sealed record LocalVariable(string Name, int Slot, bool IsConstant);
