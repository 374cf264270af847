using System.Text;
using Vsmtp.Mail.Addresses;
using Vsmtp.Mail.Delegation;
using Vsmtp.Mail.Headers;
using Vsmtp.Smtp.Tests.Fuzzing;

namespace Vsmtp.Mail.Tests.Fuzzing;

public sealed class MailFuzz
{
    /// <summary>What a header section may cost: some objects for each of its octets, and no more for more of them.</summary>
    private const int MaxAllocatedPerOctet = 2_000;

    private static readonly MailAddress Jane = MailAddress.Parse("jane@example.com");
    private static readonly MailAddress Other = MailAddress.Parse("\"odd one\"@example.net");

    private static readonly string[] Addresses =
    [
        "john", "@", "example.org", ".", "..", "\"", "\\", " ", "a b", "\"a b\"", "<", ">", "[127.0.0.1]", "[IPv6:", "::1", "]", ",", ":",
        "@a.example:", "postmaster",
        "\xC3\xA9", "\xE3\x80\x82", "xn--", "-", "_", new('a', 63), "john@example.org", "<john@example.org>", "<>", "%", "!", "+",
    ];

    private static readonly string[] Lines =
    [
        "Subject: hello\r\n", "From: John <john@example.org>\r\n", "To: jane@example.com, \"a, b\" <b@example.com>\r\n", "To:\r\n",
        "X: a\r\n b\r\n\tc\r\n", " folded\r\n", "\r\n",
        "no field\r\n", ": nothing\r\n", "To: group: jane@example.com, c@d.example;, (comment (nested)) e@f.example\r\n",
        "Received: from a by b; date\r\n", "\n", "\r",
        "X-VSMTP-DELEGATION: stage=postq; directive=\"scan\"; message=m-1; ticket=\"m-1.0123\"\r\n", "text", "Subject \t: odd\r\n",
        "=?utf-8?q?=C3=A9?=", "\r\n\r\n",
        "To: <\"jane\"@example.com>\r\n", "To: jane@example.com\r\n",
    ];

    [Fact]
    public Task Addresses_are_refused_or_read_the_same_when_written() => FuzzRun.RunAsync(new FuzzTarget(
        "addresses", random => OctetMutator.Make(random, Addresses, 8), FindInAddress));

    [Fact]
    public Task Headers_keep_their_octets_through_every_edit() => FuzzRun.RunAsync(new FuzzTarget(
        "headers", random => OctetMutator.Make(random, Lines, 12), FindInHeaders));

    private static string? FindInAddress(byte[] octets)
    {
        var text = Encoding.UTF8.GetString(octets);
        if (MailAddress.TryParse(text, out var address))
        {
            if (!MailAddress.TryParse(address.ToString(), out var again) || again != address) return $"{address} reads as {again}";
            if (address.ToString().Any(c => char.IsControl(c) || char.IsSurrogate(c) && !IsPaired(address.ToString())))
                return $"{address} has what no address has";
            if (Encoding.UTF8.GetByteCount(address.Domain) > DomainName.MaxBytes + 7) return $"a domain of {address.Domain.Length}";
        }

        if (ReversePath.TryParse(text, out var sender) && (!ReversePath.TryParse(sender.ToString(), out var sameSender) || sameSender != sender))
            return $"{sender}";
        if (ForwardPath.TryParse(text, out var path) && (!ForwardPath.TryParse(path.ToString(), out var samePath) || samePath != path))
            return $"{path}";
        if (AddressLiteral.TryParse(text, out var literal)
            && (!AddressLiteral.TryParse(AddressLiteral.Format(literal), out var same) || !same.MapToIPv6().Equals(literal.MapToIPv6())))
            return $"[{literal}] reads as [{same}]";
        if (DomainName.IsValid(text) && text.Any(c => char.IsControl(c) || char.IsWhiteSpace(c) || c is '<' or '>' or '@' or '"' or '['))
            return $"a domain of {text}";
        return null;
    }

    private static bool IsPaired(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) == text;

    private static string? FindInHeaders(byte[] octets)
    {
        // A message that begins with a blank is body to whoever takes it in.
        octets = [.. octets.SkipWhile(octet => octet is (byte)' ' or (byte)'\t')];
        var before = GC.GetAllocatedBytesForCurrentThread();
        var block = HeaderBlock.Parse(octets);
        if (!block.ToArray().AsSpan().SequenceEqual(octets.AsSpan(0, block.ParsedBytes))) return "written otherwise than read";
        if (HeaderBlock.TryFindEnd(octets, out var end) != block.HasEmptyLine || (block.HasEmptyLine && end != block.ParsedBytes))
            return $"ends at {end}, and at {block.ParsedBytes}";
        foreach (var field in block.Fields)
        {
            if (field.Value.AsSpan().ContainsAny("\r\n") && !field.Raw.Span.TrimEnd("\r\n"u8).ContainsAny("\r\n"u8))
                return $"a line end in the value of {field.Name}";
            if (AddressListField.TryRead(field, out var list)) _ = list.Addresses.Count();
        }

        foreach (var found in DelegationHeader.FindAll(block)) _ = found.ToValue();
        if (FindInEdits(octets) is { } fault) return fault;
        var spent = GC.GetAllocatedBytesForCurrentThread() - before;
        return spent > MaxAllocatedPerOctet * (octets.Length + 100L) ? $"{spent} octets of memory for {octets.Length}" : null;
    }

    private static string? FindInEdits(byte[] octets)
    {
        (string Name, Action<HeaderBlock> Edit)[] edits =
        [
            ("set sender", block => AddressHeaders.SetSender(block, Other)), ("add recipient", block => AddressHeaders.AddRecipient(block, Other)),
            ("replace recipient", block => AddressHeaders.ReplaceRecipient(block, Jane, Other)),
            ("remove recipient", block => AddressHeaders.RemoveRecipient(block, Jane)),
            ("prepend", block => block.Prepend("X-New", "v")), ("append", block => block.Append("X-New", "v")),
            ("set", block => block.Set("Subject", "new")),
            ("remove", block => block.RemoveAll("To")), ("rename", block => block.Rename("To", "X-To")),
        ];
        foreach (var (name, edit) in edits)
        {
            var block = HeaderBlock.Parse(octets);
            edit(block);
            var written = block.ToArray();
            var again = HeaderBlock.Parse(written);
            if (again.HasEmptyLine != block.HasEmptyLine || again.Fields.Count != block.Fields.Count || again.ParsedBytes != written.Length)
                return $"after {name}, {block.Fields.Count} fields read as {again.Fields.Count}: {Encoding.Latin1.GetString(written)}";
            if (!again.Fields.Zip(block.Fields).All(pair => pair.First.Raw.Span.SequenceEqual(pair.Second.Raw.Span)))
                return $"after {name}, a field reads otherwise";
            var replayed = HeaderBlock.Parse(octets);
            foreach (var change in block.Edits) replayed.Apply(change);
            if (!replayed.ToArray().AsSpan().SequenceEqual(written)) return $"{name} cannot be made again";
        }

        return null;
    }
}
