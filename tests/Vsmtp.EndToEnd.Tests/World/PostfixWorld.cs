using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.World;

/// <summary>A world in which Postfix takes the mails for far.example and hands them to a server behind it; sender.example has one of its own.</summary>
public sealed class PostfixWorld : IAsyncLifetime
{
    private const string Far = "127.0.1.51";
    private const string WithoutSize = "127.0.1.52";

    internal World World { get; private set; } = null!;

    internal Postfix Postfix { get; private set; } = null!;

    /// <summary>Takes what senders are told.</summary>
    internal ScriptedServer Senders => World[0];

    /// <summary>Takes what Postfix has taken, and what Postfix itself has to say.</summary>
    internal ScriptedServer Behind => World[1];

    public async ValueTask InitializeAsync()
    {
        Postfix.RequireInstalled();
        World = await World.StartAsync(servers: 2, $$"""
            mx-host=sender.example,mx.sender.example,10
            host-record=mx.sender.example,{0}
            mx-host=far.example,mx.far.example,10
            host-record=mx.far.example,{{Far}}
            mx-host=sizeless.example,mx.sizeless.example,10
            host-record=mx.sizeless.example,{{WithoutSize}}
            """, """
            #{ rcpt: [ rule "one is not taken" || if rcpt() == "denied@far.example" { info("550 5.7.1 not through here") } else { next() } ] }
            """, settings: "server.queues.delivery.deferred_retry_period=1h");
        Postfix = await Postfix.StartAsync(
            "mx.far.example", [$"{Far}:{World.Port}", $"{WithoutSize}:{World.Port} -o smtpd_discard_ehlo_keywords=size"], $$"""
            mynetworks =
            relay_domains = far.example, sizeless.example
            relay_recipient_maps =
            default_transport = smtp:[{{World.AddressOf(1)}}]:{{World.Port}}
            relay_transport = smtp:[{{World.AddressOf(1)}}]:{{World.Port}}
            smtpd_delay_reject = no
            smtpd_sender_restrictions = check_sender_access inline:{ { unwanted@sender.example = 554 5.7.1 not you } }
            smtpd_recipient_restrictions = reject_unauth_destination, check_recipient_access inline:{
              { nobody@far.example = 550 5.1.1 no such name }, { full@far.example = 450 4.2.2 it is full } }
            message_size_limit = 100000
            """, withCertificate: true);
    }

    public async ValueTask DisposeAsync()
    {
        if (Postfix is not null) await Postfix.DisposeAsync();
        if (World is not null) await World.DisposeAsync();
    }
}
