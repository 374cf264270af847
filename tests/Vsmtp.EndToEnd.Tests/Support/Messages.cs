using System.Text;

namespace Vsmtp.EndToEnd.Tests.Support;

/// <summary>Messages that tests send, and parts of them. Texts have one character for each octet.</summary>
internal static class Messages
{
    public static string Clean(string subject = "hello", string body = "All is well.", string headers = "") =>
        $"From: <john@example.org>\r\nTo: <jane@example.com>\r\nSubject: {subject}\r\nMessage-ID: <{Guid.NewGuid():N}@example.org>\r\n{headers}\r\n{body}\r\n";

    /// <summary>The EICAR test file, which every scanner takes for a virus; in two parts, so that none takes this file for one.</summary>
    public static string Eicar { get; } = string.Concat("X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR", "-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*");

    /// <summary>The octets of UTF-8, one character for each.</summary>
    public static string Utf8(string text) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));

    /// <summary>The text of the first header field of the name, unfolded and without blanks around it; null when there is none.</summary>
    public static string? Header(string message, string name)
    {
        var end = message.StartsWith("\r\n", StringComparison.Ordinal) ? 0 : message.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var section = end < 0 ? message : message[..end];
        var field = section.Replace("\r\n\t", " ", StringComparison.Ordinal).Replace("\r\n ", " ", StringComparison.Ordinal)
            .Split("\r\n").FirstOrDefault(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase));
        return field?[(name.Length + 1)..].Trim();
    }

    /// <summary>What is below the first header field, which must be our trace.</summary>
    public static string BelowTrace(string message)
    {
        Assert.StartsWith("Received: from ", message);
        Assert.Contains("by mx.example.com with ", message.Split("\r\n")[1]);
        var lines = message.Split("\r\n");
        var traceLines = 1 + lines.Skip(1).TakeWhile(line => line is ['\t' or ' ', ..]).Count();
        return string.Join("\r\n", lines.Skip(traceLines));
    }

    /// <summary>The message with one more header field on top.</summary>
    public static string WithHeader(string message, string name, string value) => $"{name}: {value}\r\n{message}";
}
