using Vsmtp.Dns.Messages;

namespace Vsmtp.Dns.Transport;

/// <summary>What came of asking one server.</summary>
internal abstract record ServerReply
{
    private ServerReply()
    {
    }

    /// <summary>An answer to the question.</summary>
    /// <param name="IsAuthenticated">See <see cref="DnsAnswer.IsAuthenticated"/>.</param>
    public sealed record Answered(DnsMessage Message, bool IsAuthenticated) : ServerReply;

    /// <summary>None that is of use; another server may have one.</summary>
    /// <param name="Why">Words behind the server's address.</param>
    public sealed record Failed(string Why) : ServerReply;
}
