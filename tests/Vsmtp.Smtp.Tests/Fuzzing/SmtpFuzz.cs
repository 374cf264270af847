using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;
using Vsmtp.Mail.Addresses;
using Vsmtp.Smtp.Client;
using Vsmtp.Smtp.Commands;
using Vsmtp.Smtp.Replies;
using Vsmtp.Smtp.Server;
using Vsmtp.Smtp.Tests.Support;
using Vsmtp.Smtp.Wire;

namespace Vsmtp.Smtp.Tests.Fuzzing;

public sealed partial class SmtpFuzz
{
    private static readonly DataLimits Limits = new(10_000, 2_000, 1_000);

    private static readonly SmtpServerOptions Options = SessionHarness.Options with
    {
        SoftErrorCount = -1, HardErrorCount = -1,
        MaxMessageBytes = Limits.MessageBytes, MaxHeaderBytes = Limits.HeaderBytes, MaxBodyLineBytes = Limits.LineBytes,
    };

    private static readonly string[] Commands =
        [.. Dialogue.All.SelectMany(dialogue => dialogue.Steps).Where(step => !step.Contains('\n', StringComparison.Ordinal)).Distinct()];

    private static readonly string[] Words =
    [
        "MAIL", "RCPT", "EHLO ", "HELO ", "XFORWARD ", "ADDR=192.0.2.1", " FROM:", " TO:", "<", ">", "a", "@", "b.example", "\"", "\\", " ",
        "=", " SIZE=1", " BODY=8BITMIME",
        " ENVID=a+2B", " AUTH=<>", " RET=FULL", " SMTPUTF8", " NOTIFY=NEVER", " ORCPT=rfc822;a", " ORCPT=utf-8;\xC3\xA9", "[", "]", "IPv6:",
        "::1", "127.0.0.1", "\xC3\xA9",
    ];

    private static readonly string[] Conversation =
    [
        .. Dialogue.All.Select(dialogue => dialogue.Octets), .. Commands.Select(command => command + "\r\n"), "\r\n.\r\n", ".\r\n",
        "DATA\r\n", "QUIT\r\n",
        "EHLO a\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n",
    ];

    private static readonly string[] Content =
        [.. FalseEnds.Plain, "text", "\r\n", "\r\n", "a: b\r\n", new('x', 300), "\r\n.", "..", "\r\n..", "\r\n.\r\n"];

    [Fact]
    public Task Commands_are_read_or_refused_and_what_was_read_reads_the_same_again() => FuzzRun.RunAsync(new FuzzTarget(
        "commands", MakeCommand, FindInCommand));

    [Fact]
    public Task Data_end_where_the_standard_says_and_nowhere_else() => FuzzRun.RunAsync(new FuzzTarget(
        "data", random => OctetMutator.Make(random, Content, 12), FindInData));

    [Fact]
    public Task A_session_says_replies_and_takes_each_message_once() => FuzzRun.RunAsync(new FuzzTarget(
        "session", random => OctetMutator.Make(random, Conversation, 8), FindInSessionAsync));

    private static byte[] MakeCommand(Random random) => random.Next(2) == 0
        ? OctetMutator.Make(random, Words, 12)
        : OctetMutator.Mutate(random, Encoding.Latin1.GetBytes(Commands[random.Next(Commands.Length)]));

    private static string? FindInCommand(byte[] octets)
    {
        // What the reader of lines gives.
        byte[] line = [.. octets.Where(octet => octet is not ((byte)'\r' or (byte)'\n')).Take(SmtpCommandLimits.Longest)];
        var fault = SmtpCommandParser.Parse(line, SmtpExtensions.Default | SmtpExtensions.XForward, out var command);
        if (fault == CommandFault.None != command is not null) return $"{fault} and {command}";
        switch (command)
        {
            case SmtpCommand.Helo { Name: var name } when !IsPlain(name): return $"HELO of {name}";
            case SmtpCommand.Ehlo { Name: var name } when !IsPlain(name): return $"EHLO of {name}";
            case SmtpCommand.Mail mail:
                if (!ReversePath.TryParse(mail.Path.ToString(), out var sender) || sender != mail.Path) return $"{mail.Path} reads as {sender}";
                if (!IsPlain(mail.Parameters.EnvelopeId) || !IsPlain(mail.Parameters.Auth)) return $"{mail.Parameters}";
                return WrittenAgain(mail);
            case SmtpCommand.Rcpt rcpt:
                if (!ForwardPath.TryParse(rcpt.Path.ToString(), out var recipient) || recipient != rcpt.Path)
                    return $"{rcpt.Path} reads as {recipient}";
                return IsPlain(rcpt.Parameters.OriginalRecipient) ? null : $"{rcpt.Parameters}";
        }

        return null;
    }

    /// <summary>What came in goes out as the same.</summary>
    private static string? WrittenAgain(SmtpCommand.Mail mail)
    {
        if (mail.Path.Address is not { } address) return null;
        var output = new ArrayBufferWriter<byte>();
        var transaction = new Vsmtp.Smtp.Client.SmtpTransaction
        {
            Sender = address.ToString(), Recipients = [], Content = Stream.Null,
            EnvelopeId = mail.Parameters.EnvelopeId, IsUtf8 = mail.Parameters.IsSmtpUtf8,
        };
        SmtpCommandLines.WriteMail(output, transaction, SmtpCapabilities.Read(new SmtpReply(250, null, "a", "DSN", "SMTPUTF8")));
        var written = output.WrittenSpan;
        var fault = SmtpCommandParser.Parse(written[..^2], SmtpExtensions.Default, out var again);
        return again is SmtpCommand.Mail read && read.Path == mail.Path && read.Parameters.EnvelopeId == mail.Parameters.EnvelopeId
            ? null
            : $"{Encoding.UTF8.GetString(written)} reads as {fault} {again}";
    }

    private static bool IsPlain(string? word) => word is null || !word.Any(c => char.IsControl(c) || c == ' ');

    /// <summary>Against a reading of RFC 5321 §4.5.2 that has the whole before it.</summary>
    private static string? FindInData(byte[] octets)
    {
        var all = "\r\n" + Encoding.Latin1.GetString(octets);
        var end = all.IndexOf("\r\n.\r\n", StringComparison.Ordinal);
        // The CRLF before the dot is the last line's own.
        var content = all[2..(end < 0 ? all.Length : Math.Max(2, end + 2))];
        var isClean = !content.Replace("\r\n", "", StringComparison.Ordinal).AsSpan().ContainsAny('\r', '\n', '\0');
        foreach (var pieces in new List<byte[]>[] { [octets], OctetMutator.Cut(octets) })
        {
            var decoder = new DataDecoder(new DataLimits(int.MaxValue, int.MaxValue, int.MaxValue));
            var read = new List<byte>();
            var left = 0;
            foreach (var piece in pieces)
            {
                ReadOnlyMemory<byte> input = piece;
                while (!input.IsEmpty && !decoder.IsComplete) read.AddRange(decoder.Take(ref input).Span);
                left += input.Length;
            }

            if (decoder.IsComplete != end >= 0) return $"complete: {decoder.IsComplete}, end at {end}";
            if (!decoder.IsComplete) continue;
            if (left != all.Length - end - 5) return $"{left} octets are left over, not {all.Length - end - 5}";
            if (decoder.Fault == DataFault.None != isClean) return $"{decoder.Fault}, but clean: {isClean}";
            if (isClean && Encoding.Latin1.GetString([.. read]) != FalseEnds.Unstuffed(content))
                return $"read as {Encoding.Latin1.GetString([.. read])}";
            if (isClean && Restuffed([.. read]) is { } lost) return lost;
        }

        return null;
    }

    private static string Stuffed(IEnumerable<byte[]> pieces)
    {
        var output = new ArrayBufferWriter<byte>();
        var stuffer = new DotStuffer();
        foreach (var piece in pieces) stuffer.Write(piece, output);
        stuffer.Complete(output);
        return Encoding.Latin1.GetString(output.WrittenSpan);
    }

    /// <summary>What we send on, whatever pieces it comes in, is one message to the strictest reader, and the same.</summary>
    private static string? Restuffed(byte[] content)
    {
        var whole = Stuffed([content]);
        var inPieces = Stuffed(OctetMutator.Cut(content));
        if (whole != inPieces) return $"stuffed as {whole} and in pieces as {inPieces}";
        var end = ("\r\n" + whole).IndexOf("\r\n.\r\n", StringComparison.Ordinal);
        return end == whole.Length - 3 ? null : $"ends at {end} of {whole}";
    }

    private static async Task<string?> FindInSessionAsync(byte[] octets)
    {
        var hasChunks = Encoding.Latin1.GetString(octets).Contains("BDAT", StringComparison.OrdinalIgnoreCase);
        var (whole, fault) = await ConverseAsync([octets], hasChunks);
        if (fault is not null) return fault;
        var (inPieces, _) = await ConverseAsync(OctetMutator.Cut(octets), hasChunks);
        return whole == inPieces ? null : $"whole:\n{whole}\nin pieces:\n{inPieces}";
    }

    private static async Task<(string Seen, string? Fault)> ConverseAsync(IEnumerable<byte[]> pieces, bool hasChunks)
    {
        var policy = new RecordingPolicy();
        await using var harness = new SessionHarness(policy, Options);
        await harness.SendAsync(pieces);
        harness.HangUp();
        var end = await harness.EndAsync();
        var said = harness.Take();
        var kept = policy.Sinks.Select(sink => sink.IsComplete ? Convert.ToHexString(sink.Bytes) : string.Join(',', sink.Aborts));
        var seen = string.Join('\n', [said, .. policy.Calls, .. kept, $"{end}"]);
        var lines = said.Split("\r\n");
        if (lines[^1].Length > 0 || lines.SkipLast(1).FirstOrDefault(line => !ReplyLine().IsMatch(line)) is { })
            return (seen, $"no replies:\n{said}");
        if (policy.Sinks.Any(sink => (sink.IsComplete ? 1 : 0) + sink.Aborts.Count != 1)) return (seen, "a message with no end, or with two");
        // A chunk begins a message without it.
        var invitations = lines.Count(line => line.StartsWith("354 ", StringComparison.Ordinal));
        if (hasChunks ? invitations > policy.Sinks.Count : invitations != policy.Sinks.Count) return (seen, "354 without a message");
        if (lines.Count(line => line == "250 2.0.0 Ok") < policy.Messages.Count()) return (seen, "a message was kept without a word");
        if (policy.Messages.Any(sink => sink.Text.Replace("\r\n", "", StringComparison.Ordinal).AsSpan().ContainsAny('\r', '\n', '\0')))
            return (seen, "a bare CR, LF or NUL was kept");
        return policy.Calls[^1] == $"disconnected {end}" ? (seen, null) : (seen, $"the policy last heard {policy.Calls[^1]}");
    }

    /// <summary>RFC 5321 §4.2, in ASCII, of 510 octets at most.</summary>
    [GeneratedRegex(@"\A[2-5][0-9][0-9][ -][ -~]{0,506}\z")]
    private static partial Regex ReplyLine();
}
