using System.Security.Cryptography;
using System.Text;
using Vsmtp.EndToEnd.Tests.Killing;

namespace Vsmtp.Faults.Ledgers;

/// <summary>Tells messages apart by what the client wrote, from the test's own header on: above it servers put theirs.</summary>
internal static class Fingerprint
{
    public static string Of(string message)
    {
        var begin = message.IndexOf($"\r\n{TestMail.IdHeader}: ", StringComparison.Ordinal);
        return Convert.ToHexString(SHA256.HashData(Encoding.Latin1.GetBytes(message[begin..])));
    }
}
