using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.World;

/// <summary>
/// A world whose senders are at sender.example and, with a server that knows no SMTPUTF8, at plain.example. Of the recipients' servers that of
/// dsn.example knows DSN and that of next.example does not; local.example is ours. Recipients whose names begin with <c>no</c> are
/// refused for good, those with <c>late</c> once for now. Every delay is worth a warning.
/// </summary>
public sealed class NotificationWorld : IAsyncLifetime
{
    private readonly HashSet<string> _late = [];

    internal World World { get; private set; } = null!;

    internal ScriptedServer Senders => World[0];

    internal ScriptedServer PlainSenders => World[1];

    internal ScriptedServer Dsn => World[2];

    internal ScriptedServer Next => World[3];

    public async ValueTask InitializeAsync()
    {
        World = await World.StartAsync(servers: 4, """
            host-record=sender.example,{0}
            host-record=plain.example,{1}
            host-record=dsn.example,{2}
            host-record=next.example,{3}
            """, """
            #{ delivery: [ action "ours" || for r in rcpt_list() { if r.domain == "local.example" { maildir(r) } } ] }
            """, deliveryKeys: "delay_warning = \"1ms\"");
        PlainSenders.Announced = ["8BITMIME", "SIZE", "ENHANCEDSTATUSCODES", "DSN"];
        Next.Announced = ["8BITMIME", "SIZE", "ENHANCEDSTATUSCODES", "SMTPUTF8"];
        foreach (var server in new[] { Senders, PlainSenders, Dsn, Next }) server.OnCommand = Answer;
    }

    public async ValueTask DisposeAsync()
    {
        if (World is not null) await World.DisposeAsync();
    }

    private string Answer(string command)
    {
        if (command.StartsWith("RCPT TO:<no", StringComparison.Ordinal)) return "550 5.1.1 no such name";
        lock (_late) return command.StartsWith("RCPT TO:<late", StringComparison.Ordinal) && _late.Add(command) ? "450 4.2.1 come later" : "250 2.0.0 Ok";
    }
}
