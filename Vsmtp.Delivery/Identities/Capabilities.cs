namespace Vsmtp.Delivery.Identities;

/// <summary>Parts of root's power that a thread may have alone, by their bits (capabilities(7)).</summary>
[Flags]
public enum Capabilities : ulong
{
    None = 0,

    /// <summary>CAP_SETGID: to become any group.</summary>
    SetGroup = 1 << 6,

    /// <summary>CAP_SETUID: to become any user.</summary>
    SetUser = 1 << 7,

    /// <summary>CAP_SETPCAP: to give up capabilities for all that is started.</summary>
    SetBounds = 1 << 8,

    /// <summary>CAP_NET_BIND_SERVICE: to listen at ports below 1024.</summary>
    BindLowPorts = 1 << 10,
}
