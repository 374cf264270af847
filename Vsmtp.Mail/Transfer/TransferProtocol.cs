namespace Vsmtp.Mail.Transfer;

/// <summary>In which protocol a mail is handed to another server.</summary>
public enum TransferProtocol
{
    /// <summary>RFC 5321: one reply for the whole mail.</summary>
    Smtp,

    /// <summary>RFC 2033: one reply for each recipient.</summary>
    Lmtp,
}
