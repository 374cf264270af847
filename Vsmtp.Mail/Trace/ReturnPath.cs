using System.Text;
using Vsmtp.Mail.Addresses;

namespace Vsmtp.Mail.Trace;

/// <summary>The field that final delivery puts on top: where reports about this mail go (RFC 5321 §4.4).</summary>
public static class ReturnPath
{
    public const string Name = "Return-Path";

    /// <summary>The whole field with its CRLF.</summary>
    public static byte[] ToBytes(ReversePath path) => Encoding.UTF8.GetBytes($"{Name}: {path}\r\n");
}
