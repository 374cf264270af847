using Vsmtp.Vsl.Syntax;

namespace Vsmtp.Vsl.Binding;

/// <summary>A function whose names are resolved, ready to be compiled.</summary>
internal sealed record BoundFunction(FunctionScope Scope, Node Body);
