using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Vsmtp.EndToEnd.Tests.Support;

/// <summary>A server that does what the present test says: a relay host, or a service that mails are delegated to.</summary>
internal sealed class ScriptedServer(int port, IPAddress? address = null) : TestSmtpServer(port, address)
{
    private static readonly string[] Usual = ["8BITMIME", "SIZE", "ENHANCEDSTATUSCODES", "DSN", "SMTPUTF8"];

    /// <summary>All mails that came, whatever was answered.</summary>
    public ConcurrentQueue<ReceivedMail> Seen { get; } = new();

    /// <summary>What EHLO announces.</summary>
    public IReadOnlyList<string> Announced { get; set; } = Usual;

    /// <summary>What it shows after STARTTLS; null: it knows no TLS.</summary>
    public X509Certificate2? Shown { get; set; }

    /// <summary>Who must sign on; null: nobody.</summary>
    public TestAccount? Known { get; set; }

    /// <summary>It gives STARTTLS, and there is no handshake to be had.</summary>
    public bool BreaksTls { get; set; }

    /// <summary>Answers MAIL, RCPT and XFORWARD.</summary>
    public Func<string, string> OnCommand { get; set; } = _ => "250 2.0.0 Ok";

    /// <summary>Answers the dot. Null: hangs up without an answer.</summary>
    public Func<ReceivedMail, Task<string?>> OnMail { get; set; } = _ => Task.FromResult<string?>("250 2.0.0 Taken");

    /// <summary>Changes any reply before it is said: see <see cref="TestSmtpServer.PassAsync"/>.</summary>
    public Func<string, string, Task<string?>> OnReply { get; set; } = (_, reply) => Task.FromResult<string?>(reply);

    protected override IReadOnlyList<string> Extensions => Announced;

    protected override X509Certificate2? Certificate => Shown;

    protected override TestAccount? Account => Known;

    protected override bool IsTlsBroken => BreaksTls;

    protected override Task<string> AnswerAsync(string command) => Task.FromResult(OnCommand(command));

    protected override Task<string?> PassAsync(string to, string reply) => OnReply(to, reply);

    protected override Task<string?> AnswerAsync(ReceivedMail mail)
    {
        Seen.Enqueue(mail);
        return OnMail(mail);
    }

    /// <summary>Answers every dot alike.</summary>
    public void Answer(string reply) => OnMail = _ => Task.FromResult<string?>(reply);

    /// <summary>Forgets what a test before said and what came in it.</summary>
    public void Reset()
    {
        Announced = Usual;
        Shown = null;
        Known = null;
        BreaksTls = false;
        OnCommand = _ => "250 2.0.0 Ok";
        Answer("250 2.0.0 Taken");
        Seen.Clear();
        Mails.Clear();
    }
}
