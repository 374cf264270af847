using System.Net;

namespace Vsmtp.Mail.Transfer;

/// <summary>What goes to this machine crosses no wire.</summary>
public static class ThisMachine
{
    /// <summary>The host is a loopback address, or localhost. Other names are not looked up: where they lead can change.</summary>
    public static bool IsNamedBy(string host) =>
        IPAddress.TryParse(host, out var address) ? IPAddress.IsLoopback(address) : host.Equals("localhost", StringComparison.OrdinalIgnoreCase);
}
