using System.Diagnostics;
using System.Text.Json;

namespace Vsmtp.EndToEnd.Tests.World;

/// <summary>A notification as Python's own parser reads it: what other people's programs find in ours.</summary>
/// <param name="Type">Of the whole.</param>
/// <param name="Report">The parameter <c>report-type</c>.</param>
/// <param name="Defects">What the parser has against it.</param>
/// <param name="Parts">Their types.</param>
/// <param name="Text">For a person.</param>
/// <param name="Message">The fields of the message (RFC 3464 §2.2).</param>
/// <param name="Recipients">The fields of each recipient (§2.3), names in lower case.</param>
/// <param name="Returned">The message that it is about: its header section, or all of it.</param>
internal sealed record ReadNotification(
    string Type, string Report, string AutoSubmitted, string[] Defects, string[] Parts, string Text,
    Dictionary<string, string> Message, Dictionary<string, string>[] Recipients, string Returned)
{
    private const string Program = """
        import email, json, sys
        from email import policy
        octets = sys.stdin.buffer.read()
        mail = email.message_from_bytes(octets, policy=policy.default)
        text, status, about = mail.iter_parts()
        fields = lambda part: {name.lower(): " ".join(str(value).split()) for name, value in part.items()}
        groups = status.get_payload()
        if status.get_content_subtype() == "global-delivery-status":    # RFC 6533, which it takes for one message
            part = octets.split(b"message/global-delivery-status")[1].split(b"\r\n--")[0].split(b"\r\n\r\n")[1:]
            groups = [email.message_from_string(group.decode(), policy=policy.default) for group in part if group.strip()]
        content = about.get_payload()
        print(json.dumps({
            "Type": mail.get_content_type(), "Report": mail.get_param("report-type"), "AutoSubmitted": mail["auto-submitted"],
            "Defects": [repr(d) for part in mail.walk() for d in part.defects], "Parts": [part.get_content_type() for part in mail.iter_parts()],
            "Text": text.get_content().replace("\r\n", "\n"), "Message": fields(groups[0]), "Recipients": [fields(group) for group in groups[1:]],
            "Returned": content if isinstance(content, str) else content[0].as_string()}))
        """;

    private static readonly JsonSerializerOptions AsWritten = new();

    public static async Task<ReadNotification> OfAsync(byte[] message)
    {
        var start = new ProcessStartInfo("python3", ["-c", Program]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        using var python = Process.Start(start)!;
        await python.StandardInput.BaseStream.WriteAsync(message);
        python.StandardInput.Close();
        var said = await python.StandardOutput.ReadToEndAsync();
        await python.WaitForExitAsync();
        var read = JsonSerializer.Deserialize<ReadNotification>(said, AsWritten)!;
        Assert.Equal(("multipart/report", "auto-replied"), (read.Type, read.AutoSubmitted));
        Assert.Empty(read.Defects);
        Assert.Equal("text/plain", read.Parts[0]);
        Assert.Equal($"message/{read.Report}", read.Parts[1]);
        Assert.Contains(read.Report, new[] { "delivery-status", "global-delivery-status" });
        return read;
    }
}
