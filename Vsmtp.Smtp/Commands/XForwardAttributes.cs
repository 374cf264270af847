using System.Net;

namespace Vsmtp.Smtp.Commands;

/// <summary>
/// Which client a mail came from first, as XFORWARD tells it to a filter and to the server behind it (Postfix XFORWARD_README). For their
/// logs: whoever may connect can say anything. Null is <c>[UNAVAILABLE]</c>, or what was not said.
/// </summary>
public sealed record XForwardAttributes
{
    /// <summary>NAME: the client's host name.</summary>
    public string? Name { get; init; }

    /// <summary>ADDR. A scope is not passed on: it means nothing to another host.</summary>
    public IPAddress? Address { get; init; }

    /// <summary>PORT: the client's, 0 to 65535.</summary>
    public int? Port { get; init; }

    /// <summary>PROTO: in which protocol the mail came in, as <c>ESMTP</c>; 64 characters at most.</summary>
    public string? Protocol { get; init; }

    /// <summary>HELO: what the client called itself; an address literal has its brackets.</summary>
    public string? Helo { get; init; }

    /// <summary>IDENT: the id of the mail where it came in.</summary>
    public string? Identity { get; init; }

    /// <summary>SOURCE: whether the mail was made where it came in (<c>LOCAL</c>), or came from elsewhere (<c>REMOTE</c>).</summary>
    public bool? IsLocal { get; init; }
}
