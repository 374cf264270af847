using Microsoft.AspNetCore.Connections;

namespace Vsmtp.Gateway.Listening;

/// <summary>The mark of connections that came in where users bring mails in (RFC 6409).</summary>
internal sealed class Submission
{
    private static readonly Submission TheMark = new();

    private Submission()
    {
    }

    public static IConnectionBuilder Mark(IConnectionBuilder listener) => listener.Use(next => connection =>
    {
        connection.Features.Set(TheMark);
        return next(connection);
    });

    public static bool Is(ConnectionContext connection) => connection.Features.Get<Submission>() is not null;
}
