using System.Buffers.Binary;

namespace Vsmtp.Smtp.Commands;

/// <summary>Finds a verb by its length and letters.</summary>
internal static class SmtpVerbs
{
    // Clearing this bit makes an ASCII letter upper case and makes no other octet a letter.
    private const uint Upper4 = 0xDFDFDFDF;
    private const ulong Upper7 = 0xDFDFDF_DFDFDFDF;
    private const ulong Upper8 = 0xDFDFDFDF_DFDFDFDF;

    public static SmtpVerb Find(ReadOnlySpan<byte> word) => word.Length switch
    {
        4 => Find4(BinaryPrimitives.ReadUInt32BigEndian(word) & Upper4),
        7 => Find7(((ulong)BinaryPrimitives.ReadUInt32BigEndian(word) << 24 | BinaryPrimitives.ReadUInt32BigEndian(word[3..]) & 0xFFFFFF) & Upper7),
        8 => Find8(BinaryPrimitives.ReadUInt64BigEndian(word) & Upper8),
        _ => SmtpVerb.Unknown,
    };

    private static SmtpVerb Find4(uint letters) => letters switch
    {
        0x48454C4F => SmtpVerb.Helo,
        0x45484C4F => SmtpVerb.Ehlo,
        0x4D41494C => SmtpVerb.Mail,
        0x52435054 => SmtpVerb.Rcpt,
        0x44415441 => SmtpVerb.Data,
        0x52534554 => SmtpVerb.Rset,
        0x4E4F4F50 => SmtpVerb.Noop,
        0x56524659 => SmtpVerb.Vrfy,
        0x4558504E => SmtpVerb.Expn,
        0x48454C50 => SmtpVerb.Help,
        0x51554954 => SmtpVerb.Quit,
        0x41555448 => SmtpVerb.Auth,
        0x42444154 => SmtpVerb.Bdat,
        _ => SmtpVerb.Unknown,
    };

    private static SmtpVerb Find7(ulong letters) => letters == 0x58434C49454E54 ? SmtpVerb.XClient : SmtpVerb.Unknown;

    private static SmtpVerb Find8(ulong letters) => letters switch
    {
        0x5354415254544C53 => SmtpVerb.StartTls,
        0x58464F5257415244 => SmtpVerb.XForward,
        _ => SmtpVerb.Unknown,
    };
}
