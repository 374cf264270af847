namespace Vsmtp.Rules.Functions;

/// <summary>Names under which mails are set aside: shown in paths, addresses of pages and command lines.</summary>
internal static class QuarantineName
{
    public const string Rule =
        "use letters, digits, `_`, `-`, `+`, `@` and `.`, in parts separated by `/`, none beginning with `.`; at most 200 characters";

    private const int MaxChars = 200;

    public static bool IsValid(string name) => name.Length <= MaxChars && name.Split('/').All(IsPart);

    private static bool IsPart(string part) =>
        part.Length > 0 && part[0] != '.' && part.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '+' or '@' or '.');
}
