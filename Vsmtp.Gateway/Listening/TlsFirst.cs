using Microsoft.AspNetCore.Connections;

namespace Vsmtp.Gateway.Listening;

/// <summary>The mark of connections that came in where TLS comes before the greeting (RFC 8314 §3.3).</summary>
internal sealed class TlsFirst
{
    private static readonly TlsFirst TheMark = new();

    private TlsFirst()
    {
    }

    public static IConnectionBuilder Mark(IConnectionBuilder listener) => listener.Use(next => connection =>
    {
        connection.Features.Set(TheMark);
        return next(connection);
    });

    public static bool Is(ConnectionContext connection) => connection.Features.Get<TlsFirst>() is not null;
}
