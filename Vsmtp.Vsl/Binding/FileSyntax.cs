using Vsmtp.Vsl.Syntax.Statements;

namespace Vsmtp.Vsl.Binding;

/// <summary>The tree of one file.</summary>
/// <param name="Imports">Every import statement, wherever it stands.</param>
/// <param name="ChangedNames">Names that are assigned to somewhere in the file: a variable of such a name may change its type.</param>
internal sealed record FileSyntax(
    string Path, Block TopLevel, IReadOnlyList<FunctionDeclaration> Functions, IReadOnlyList<Import> Imports,
    IReadOnlySet<string> ChangedNames)
{
    /// <summary>Among the changed names: some function may change the type of any receiver.</summary>
    public const string This = "this";

    public bool MayChangeType(string variable) => ChangedNames.Contains(variable) || ChangedNames.Contains(This);
}
