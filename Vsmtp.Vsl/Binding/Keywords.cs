using System.Collections.Frozen;

namespace Vsmtp.Vsl.Binding;

/// <summary>Names that only look like names (language §2.2).</summary>
internal static class Keywords
{
    private static readonly FrozenSet<string> FunctionKeywords = FrozenSet.Create(
        "print", "debug", "type_of", "eval", "Fn", "call", "curry", "is_def_var", "is_def_fn", "is_shared");

    public static bool IsFunctionKeyword(string name) => FunctionKeywords.Contains(name);
}
