using System.CommandLine;

namespace Vsmtp.Cli.Demo;

/// <summary><c>vsmtp demo</c>: the tutorial, live.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var once = new Option<bool>("--once")
        {
            Description = "End after the two mails: with 0 only if the clean one was delivered and the infected one is in virus_q.",
        };
        var standIn = new Option<bool>("--stand-in")
        {
            Description = "Use the small stand-in filter, also where clamd and clamsmtpd are installed.",
        };
        var command = new Command("demo", "Runs the tutorial: a server, a virus scanner, a clean and an infected mail, and their histories.") { once, standIn };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var demo = new TutorialDemo(Console.Out);
            try
            {
                return await demo.RunAsync(parsed.GetValue(once), parsed.GetValue(standIn), cancellationToken);
            }
            catch (Exception end) when (end is HttpRequestException || (end is OperationCanceledException && cancellationToken.IsCancellationRequested))
            {
                // Ctrl-C reaches the server too, which may be gone before we hear of it.
                await Console.Error.WriteLineAsync(cancellationToken.IsCancellationRequested ? "error: interrupted" : $"error: the server is gone: {end.Message}");
                return ExitCode.Failed;
            }
        });
        return command;
    }
}
