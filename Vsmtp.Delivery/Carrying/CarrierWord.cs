namespace Vsmtp.Delivery.Carrying;

/// <summary>What a frame is: server to carrier <see cref="Request"/>, then after <see cref="Go"/> the message, then the outcome.</summary>
internal enum CarrierWord : byte
{
    /// <summary>The carrier has begun; once, by the first socket.</summary>
    Ready = (byte)'H',

    /// <summary>A mail is to be delivered: <see cref="CarrierRequest"/>.</summary>
    Request = (byte)'Q',

    /// <summary>The mailbox is open; the message may come.</summary>
    Go = (byte)'G',

    /// <summary>The next octets of the message.</summary>
    Chunk = (byte)'C',

    /// <summary>The message is whole; an outcome is awaited.</summary>
    End = (byte)'E',

    /// <summary>The rest of the message is not to be had; nothing is to be left of it, and nothing is answered.</summary>
    GiveUp = (byte)'X',

    /// <summary>It is in the mailbox, durably; the place in UTF-8.</summary>
    Stored = (byte)'S',

    /// <summary>It is not: see <see cref="CarrierAnswer"/>.</summary>
    Refused = (byte)'N',
}
