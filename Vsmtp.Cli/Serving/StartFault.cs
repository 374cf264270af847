using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Vsmtp.Cli.Serving;

/// <summary>Faults that an operator can mend, in words; all others are ours and keep their stack.</summary>
internal static class StartFault
{
    /// <summary>Null: not one of these.</summary>
    public static string? Explain(Exception fault) => fault switch
    {
        AggregateException { InnerExceptions: [var only] } => Explain(only),
        // Kestrel speaks of HTTP, which none of our TCP listeners does; only the outer one of the two names the address.
        IOException { InnerException: AddressInUseException } => fault.Message.Replace("http://", "", StringComparison.Ordinal),
        SocketException => $"a listener cannot be opened: {fault.Message}",
        UnauthorizedAccessException or IOException => Innermost(fault).Message,
        Storage.StoreUnusableException or Embedded.Hosting.ProcessLockedException => fault.Message,
        _ => null,
    };

    private static Exception Innermost(Exception fault) => fault.InnerException is { } inner ? Innermost(inner) : fault;
}
