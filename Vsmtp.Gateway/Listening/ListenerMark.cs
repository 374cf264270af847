using Microsoft.AspNetCore.Connections;

namespace Vsmtp.Gateway.Listening;

/// <summary>What a listener is beside one for clients; each of its connections bears the mark.</summary>
internal sealed class ListenerMark
{
    private ListenerMark()
    {
    }

    /// <summary>Users bring mails in there (RFC 6409).</summary>
    public bool IsSubmission { get; private init; }

    /// <summary>TLS comes before the greeting (RFC 8314 §3.3).</summary>
    public bool IsTlsFirst { get; private init; }

    public static ListenerMark None { get; } = new();

    public static ListenerMark Submission { get; } = new() { IsSubmission = true };

    public static ListenerMark Submissions { get; } = new() { IsSubmission = true, IsTlsFirst = true };

    public static ListenerMark Of(ConnectionContext connection) => connection.Features.Get<ListenerMark>() ?? None;

    public IConnectionBuilder Put(IConnectionBuilder listener) => listener.Use(next => connection =>
    {
        connection.Features.Set(this);
        return next(connection);
    });
}
