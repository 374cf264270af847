using Vsmtp.Dns.Messages;

namespace Vsmtp.Dns.Transport;

/// <summary>Whether a message is the answer that we wait for (RFC 5452 §9.1).</summary>
internal static class AnswerCheck
{
    /// <summary>
    /// The id, QR, the opcode and the question (name ignoring case, type, class) must be ours. Without a question we take only what a
    /// server says that could not read ours (RFC 6891 §7: FORMERR, NOTIMP); the worst of forging it is a question without EDNS.
    /// </summary>
    /// <param name="isTruncated">
    /// The answer is too long for UDP (RFC 1035 §4.1.1, TC); its records count for nothing (RFC 2181 §9).
    /// </param>
    public static bool IsAnswer(ReadOnlySpan<byte> message, ushort id, DnsQuestion question, out bool isTruncated)
    {
        isTruncated = false;
        if (!DnsMessageParser.TryParseHead(message, out var header, out var asked)) return false;
        if (header.Id != id || !header.IsResponse || header.Opcode != 0) return false;
        if (header.QuestionCount == 0)
        {
            return (DnsResponseCode)header.ResponseCode is DnsResponseCode.FormatError or DnsResponseCode.NotImplemented;
        }

        isTruncated = header.IsTruncated;
        return asked == question;
    }
}
