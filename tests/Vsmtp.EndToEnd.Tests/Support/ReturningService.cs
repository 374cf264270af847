namespace Vsmtp.EndToEnd.Tests.Support;

/// <summary>A service's way back: what it says to our receiver.</summary>
internal sealed class ReturningService(int receiverPort, string receiver = "127.0.0.1")
{
    /// <summary>Brings the mail back as it came, marked as scanned.</summary>
    /// <returns>The receiver's reply to the dot, or to what it refused before.</returns>
    public Task<string> ReturnAsync(ReceivedMail mail) => ReturnAsync(mail, Messages.WithHeader(mail.Text, "X-Scanned", "clean"));

    /// <summary>Brings something else back under the same MAIL and RCPT.</summary>
    public Task<string> ReturnAsync(ReceivedMail mail, string message) => ReturnAsync(mail.Commands, message);

    public async Task<string> ReturnAsync(IReadOnlyList<string> commands, string message)
    {
        using var smtp = await RawSmtp.OpenAsync(receiverPort, receiver);
        var reply = await ReturnAsync(smtp, commands, message);
        await smtp.AskAsync("QUIT");
        return reply;
    }

    /// <summary>The same over a connection that is open.</summary>
    public static async Task<string> ReturnAsync(RawSmtp smtp, IReadOnlyList<string> commands, string message)
    {
        foreach (var command in commands)
        {
            var refused = await smtp.AskAsync(command);
            if (!refused.StartsWith('2')) return refused;
        }

        return await smtp.SendDataAsync(message);
    }

    /// <summary>Comes with MAIL and RCPT and leaves without the mail.</summary>
    /// <param name="lastCommand">RSET or QUIT.</param>
    public async Task LetGoAsync(ReceivedMail mail, string lastCommand)
    {
        using var smtp = await RawSmtp.OpenAsync(receiverPort, receiver);
        foreach (var command in mail.Commands) Assert.StartsWith("250", await smtp.AskAsync(command));
        Assert.StartsWith("2", await smtp.AskAsync(lastCommand));
        if (lastCommand != "QUIT") await smtp.AskAsync("QUIT");
    }

    /// <summary>The commands without a parameter of MAIL.</summary>
    public static IReadOnlyList<string> Without(string parameter, IReadOnlyList<string> commands) =>
        [string.Join(' ', commands[0].Split(' ').Where(word => !word.StartsWith(parameter + "=", StringComparison.Ordinal))), .. commands.Skip(1)];
}
