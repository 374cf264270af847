using Vsmtp.Vsl.Syntax.Statements;

namespace Vsmtp.Vsl.Binding;

/// <summary>The tree of one file.</summary>
/// <param name="Imports">Every import statement, wherever it stands.</param>
internal sealed record FileSyntax(
    string Path, Block TopLevel, IReadOnlyList<FunctionDeclaration> Functions, IReadOnlyList<Import> Imports);
