using System.Text;

namespace Vsmtp.EndToEnd.Tests.Support;

/// <summary>Whom a <see cref="TestSmtpServer"/> lets in.</summary>
/// <param name="Mechanism">PLAIN or LOGIN: the one that it offers.</param>
internal sealed record TestAccount(string User, string Password, string Mechanism = "PLAIN")
{
    /// <summary>What a client says by PLAIN (RFC 4616).</summary>
    public string PlainWord => Base64($"\0{User}\0{Password}");

    /// <summary>What it says by LOGIN, one after the other.</summary>
    public string[] LoginWords => [Base64(User), Base64(Password)];

    /// <param name="command">The whole line.</param>
    /// <param name="ask">Says a challenge and gives the answer.</param>
    public async Task<bool> IsShownAsync(string command, Func<string, Task<string?>> ask)
    {
        if (Mechanism == "PLAIN") return command == $"AUTH PLAIN {PlainWord}";
        return command == "AUTH LOGIN" && await ask("VXNlcm5hbWU6") is var user && await ask("UGFzc3dvcmQ6") is var password
            && LoginWords.SequenceEqual([user, password]);
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
