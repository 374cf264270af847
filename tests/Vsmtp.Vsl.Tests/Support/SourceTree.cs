using Vsmtp.Vsl.Binding;
using Vsmtp.Vsl.Parsing;
using Vsmtp.Vsl.Printing;

namespace Vsmtp.Vsl.Tests.Support;

/// <summary>A text as its tree and back.</summary>
internal static class SourceTree
{
    /// <returns>Null: the text has errors.</returns>
    public static FileSyntax? Parse(string text, DiagnosticBag? bag = null) =>
        SourceParser.Parse(new ScriptFile("main.vsl", text), bag ?? new DiagnosticBag(10), new HashSet<string>(), out _);

    /// <returns>What of a text changes when it is printed and read again; null: nothing, or it has errors.</returns>
    public static string? LostInPrint(string text)
    {
        if (Parse(text) is not { } tree) return null;
        var printed = SyntaxPrinter.Print(tree);
        var bag = new DiagnosticBag(10);
        if (Parse(printed, bag) is not { } again) return $"{string.Join('\n', bag.InOrder([]))}\nin\n{printed}";
        return TreeComparer.Difference(tree.TopLevel, again.TopLevel) is { } found ? $"{found}\nin\n{printed}" : null;
    }
}
