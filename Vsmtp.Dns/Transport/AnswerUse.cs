using Vsmtp.Dns.Messages;

namespace Vsmtp.Dns.Transport;

/// <summary>Whether an answer says something of the question, or only something of the server.</summary>
internal static class AnswerUse
{
    /// <returns>Null if it is of use; else words for why the next server is asked.</returns>
    public static string? WhyUseless(DnsMessage message, DnsQuestion question) => message.ResponseCode switch
    {
        DnsResponseCode.NameError => null,
        DnsResponseCode.NoError => WhyNoAnswer(message, question),
        DnsResponseCode.ServerFailure => "SERVFAIL",
        DnsResponseCode.Refused => "REFUSED",
        DnsResponseCode.FormatError => "FORMERR",
        DnsResponseCode.NotImplemented => "NOTIMP",
        var code => $"response code {(int)code}",
    };

    private static string? WhyNoAnswer(DnsMessage message, DnsQuestion question)
    {
        if (message.Answers.IsEmpty)
        {
            // "No data" has a SOA, or nothing; servers of other zones alone are a referral (RFC 2308 §2.2).
            return message.Authorities.Any(record => record is DnsRecord.Ns) && !message.Authorities.Any(record => record is DnsRecord.Soa)
                ? "a referral: it does not resolve for us" : null;
        }

        var isOfUse = message.Answers.Any(record =>
            record.Owner.Equals(question.Name) && (record.Type == question.Type || record is DnsRecord.Cname));
        return isOfUse ? null : "an answer with nothing of what was asked";
    }
}
