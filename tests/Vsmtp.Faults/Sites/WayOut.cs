namespace Vsmtp.Faults.Sites;

/// <summary>By which way mails leave a server under faults.</summary>
internal enum WayOut
{
    /// <summary>All to one server.</summary>
    Smarthost,

    /// <summary>To the hosts of their domains, which a name server knows; and some recipients are refused, of which senders hear.</summary>
    Exchanges,
}
