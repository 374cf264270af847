namespace Vsmtp.EndToEnd.Tests.Support;

/// <summary>Messages that tests send.</summary>
internal static class Messages
{
    public static string Clean(string subject = "hello", string body = "All is well.") =>
        $"From: <john@example.org>\r\nTo: <jane@example.com>\r\nSubject: {subject}\r\nMessage-ID: <{Guid.NewGuid():N}@example.org>\r\n\r\n{body}\r\n";

    /// <summary>The EICAR test file, which every scanner takes for a virus; in two parts, so that none takes this file for one.</summary>
    public static string Eicar { get; } = string.Concat("X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR", "-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*");
}
