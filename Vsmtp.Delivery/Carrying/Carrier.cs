using System.Runtime.InteropServices;
using Vsmtp.Delivery.Identities;
using Vsmtp.Delivery.Local;

namespace Vsmtp.Delivery.Carrying;

/// <summary>
/// The process that puts mails into system accounts' mailboxes for a server that is no longer root. It can become any user and no more, believes
/// nothing of what the server says but whom a mail is for, and ends with the server.
/// </summary>
public static class Carrier
{
    /// <summary>What is left of root's power in it.</summary>
    public const Capabilities Needed = Capabilities.SetUser | Capabilities.SetGroup;

    private static readonly DeliveryOptions Defaults = new() { ServerName = "" };

    /// <summary>Carries mails until the server's ends of all sockets are closed.</summary>
    /// <param name="localGroup">As of <see cref="DeliveryOptions.LocalGroup"/>.</param>
    /// <exception cref="UnauthorizedAccessException">It was started with more rights than it is to have, or with fewer.</exception>
    public static void Run(CarrierLink link, string? localGroup)
    {
        if (ThreadIdentity.CurrentUser == 0 || ThreadIdentity.CurrentCapabilities != Needed)
            throw new UnauthorizedAccessException("this process is started by `vsmtp serve`, as no root, with CAP_SETUID and CAP_SETGID");
        Credentials.Hide();
        SystemCallFilter.Apply(allThreads: true);
        // Its end is the server's, which still has mails to deliver when both are told to stop.
        var deaf = ((PosixSignal[])[PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGHUP, PosixSignal.SIGQUIT])
            .Select(signal => PosixSignalRegistration.Create(signal, context => context.Cancel = true)).ToArray();
        var mailboxes = new MailboxTable(null, Defaults.MboxRoot, MachineAccounts.FindGroup(localGroup), isAnyone: true);
        var sockets = link.Open();
        var threads = sockets[1..].Select(socket => new Thread(new CarrierChannel(socket, mailboxes, Defaults.MboxPatience).Serve)).ToArray();
        foreach (var thread in threads) thread.Start();
        using (var alive = sockets[0])
        {
            alive.Send([(byte)CarrierWord.Ready, 0, 0, 0, 0]);
            foreach (var thread in threads) thread.Join();
        }

        foreach (var registration in deaf) registration.Dispose();
    }
}
