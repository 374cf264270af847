using System.Text;

namespace Vsmtp.Cli.Users;

/// <summary>Reads a password from whoever types it, without showing it.</summary>
internal static class PasswordPrompt
{
    /// <param name="fromInput">From the standard input, whatever that is.</param>
    /// <returns>Null: it was typed twice, and differently.</returns>
    /// <exception cref="IOException">There is no terminal to ask at.</exception>
    public static string? Read(string user, bool fromInput)
    {
        if (fromInput) return Console.In.ReadLine() ?? "";
        if (Console.IsInputRedirected) throw new IOException("there is no terminal to ask for the password at; give it with --password-stdin");
        var first = Ask($"Password of {user}: ");
        return Ask("Again: ") == first ? first : null;
    }

    private static string Ask(string question)
    {
        Console.Error.Write(question);
        var typed = new StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key is ConsoleKey.Backspace) typed.Length = Math.Max(0, typed.Length - 1);
            else if (!char.IsControl(key.KeyChar)) typed.Append(key.KeyChar);
        }

        Console.Error.WriteLine();
        return typed.ToString();
    }
}
