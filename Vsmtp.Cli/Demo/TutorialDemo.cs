using System.Text;
using Vsmtp.Cli.Queues;
using Vsmtp.Dashboard.Api;
using Vsmtp.Smtp.Client;

namespace Vsmtp.Cli.Demo;

/// <summary>The tutorial, live: the real server as a process of its own, a scanner, two mails, their histories.</summary>
internal sealed class TutorialDemo(TextWriter output) : IAsyncDisposable
{
    private const string Sender = "john@example.org";
    private const string Recipient = "jane@example.com";
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    private readonly DemoSite _site = DemoSite.Create();
    private IDemoScanner? _scanner;
    private ChildProcess? _server;

    /// <param name="once">End after the two mails.</param>
    /// <param name="standIn">Do without clamd and clamsmtpd also where they are installed.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(bool once, bool standIn, CancellationToken cancellationToken)
    {
        _scanner = standIn ? new StandInScanner(_site, "as asked for")
            : ClamScanner.IsInstalled ? new ClamScanner(_site)
            : new StandInScanner(_site, "since clamd and clamsmtpd are not installed (apt-get install clamav-daemon clamsmtp)");
        await _scanner.StartAsync(cancellationToken);
        output.WriteLine($"scanner: {_scanner.Description}");
        _server = StartServer();
        await _server.WaitUntilReadyAsync(StartTimeout, cancellationToken);
        output.WriteLine($"server:  SMTP on {_site.Client}, returns from the scanner on {_site.Receiver}, files in {_site.Folder}");
        output.WriteLine();

        var clean = await SendAsync("a clean mail", "All is well.", cancellationToken);
        var infected = await SendAsync("an infected mail", EicarText(), cancellationToken);
        using var api = new LocalApiClient(Path.Combine(_site.Folder, "var", "spool", "vsmtp.sock"));
        var isRight = await ShowAsync(api, "The clean mail", clean, "delivered", cancellationToken)
            & await ShowAsync(api, "The infected mail", infected, "quarantine/virus_q", cancellationToken);
        output.WriteLine(isRight
            ? $"The clean mail is in {_site.MailFolder}; the infected one waits in the quarantine virus_q."
            : "This is not what the tutorial says.");
        if (!once && isRight) await StayAsync(cancellationToken);
        return isRight ? ExitCode.Done : ExitCode.Failed;
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        if (_scanner is not null) await _scanner.DisposeAsync();
        _site.Dispose();
    }

    private ChildProcess StartServer()
    {
        var program = Environment.ProcessPath!;
        // The site's folder is this user's alone, so the server is to be this user, too.
        string[] arguments = ["serve", "-c", _site.ConfigFile, "--set", "server.system.user=root"];
        // Started by the dotnet host, the process is that host: it needs to be told our file.
        return Path.GetFileNameWithoutExtension(program) is "dotnet"
            ? ChildProcess.Start(program, [typeof(TutorialDemo).Assembly.Location, .. arguments], "ready")
            : ChildProcess.Start(program, arguments, "ready");
    }

    /// <returns>The mail's id.</returns>
    private async Task<string> SendAsync(string subject, string text, CancellationToken cancellationToken)
    {
        var message = $"From: <{Sender}>\r\nTo: <{Recipient}>\r\nSubject: {subject}\r\nDate: {DateTimeOffset.UtcNow:R}\r\n\r\n{text}\r\n";
        using var content = new MemoryStream(Encoding.ASCII.GetBytes(message));
        using var connection = await SmtpClientConnection.ConnectAsync(
            new SmtpDestination(_site.Client.Address.ToString(), _site.Client.Port), new SmtpClientOptions { HeloName = "demo.example.org" },
            TimeProvider.System, cancellationToken);
        var result = await connection.SendAsync(
            new SmtpTransaction { Sender = Sender, Recipients = [new SmtpTransactionRecipient(Recipient)], Content = content }, cancellationToken);
        await connection.QuitAsync();
        var reply = result.Recipients[0].Reply;
        output.WriteLine($"sent {subject}: {reply}");
        return reply.IsPositive ? reply.Text.Split(' ')[^1] : throw new InvalidOperationException($"The server refused {subject}: {reply}");
    }

    private async Task<bool> ShowAsync(LocalApiClient api, string title, string id, string expectedQueue, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(EndTimeout);
        var mail = await api.FindAsync(id);
        while (mail?.Mail.Queue is null or "working" or "delegated" or "deliver" && !timeout.IsCancellationRequested)
        {
            await Task.Delay(Look, cancellationToken);
            mail = await api.FindAsync(id);
        }

        output.WriteLine();
        output.WriteLine($"{title}:");
        MailPrinter.PrintDetails(output, mail!);
        output.WriteLine();
        return mail!.Mail.Queue == expectedQueue;
    }

    private async Task StayAsync(CancellationToken cancellationToken)
    {
        output.WriteLine();
        output.WriteLine("The server stays up until Ctrl-C. Try, in another terminal:");
        output.WriteLine($"  swaks --server {_site.Client} --from {Sender} --to {Recipient}");
        output.WriteLine($"  ./vsmtp queue list -c {_site.ConfigFile}");
        output.WriteLine($"  ./vsmtp quarantine list -c {_site.ConfigFile}");
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // Ctrl-C: the end that was promised.
        }
    }

    /// <summary>In two parts, so that no scanner takes this program for the test file.</summary>
    private static string EicarText() => "X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR" + "-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*";
}
