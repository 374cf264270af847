namespace Vsmtp.Smtp.Tests.Support;

/// <summary>What a client says, step by step: each is octets, one character for each, and gets one reply when it has been said with CRLF.</summary>
/// <param name="Name">Of the test, and in the document of differences.</param>
public sealed record Dialogue(string Name, params string[] Steps)
{
    private const string Hello = "EHLO client.example.org";
    private const string From = "MAIL FROM:<john@example.org>";
    private const string To = "RCPT TO:<jane@example.com>";

    /// <summary>All steps as one run of octets.</summary>
    public string Octets => string.Concat(Steps.Select(step => step + "\r\n"));

    public static IReadOnlyList<Dialogue> All { get; } =
    [
        // RFC 5321 §4.1.4: order.
        new("MAIL before EHLO", From),
        new("RCPT before MAIL", Hello, To),
        new("DATA before MAIL", Hello, "DATA"),
        new("DATA without a recipient", Hello, From, "DATA"),
        new("MAIL within a transaction", Hello, From, From),
        new("EHLO ends a transaction", Hello, From, To, Hello, "DATA"),
        new("RSET ends a transaction", Hello, From, "RSET", To),
        new("RSET before EHLO", "RSET"),
        new("NOOP before EHLO", "NOOP"),
        new("HELO, and a mail", "HELO client.example.org", From, To, "DATA", "Subject: a\r\n\r\ntext\r\n."),
        new("two mails", Hello, From, To, "DATA", "Subject: a\r\n\r\nx\r\n.", From, To, "DATA", "Subject: b\r\n\r\ny\r\n."),
        new("a recipient twice", Hello, From, To, To),

        // RFC 3030 §2: chunks. The CRLF of a step is part of the octets that it announces.
        new("a message in chunks", Hello, From, To, "BDAT 12\r\nSubject: a", "BDAT 8 LAST\r\n\r\ntext"),
        new("an empty message in no chunk", Hello, From, To, "BDAT 0 LAST"),
        new("a dot alone in a chunk", Hello, From, To, "BDAT 6 LAST\r\na\r\n."),
        new("a bare LF in a chunk", Hello, From, To, "BDAT 5 LAST\r\na\nb"),
        new("a chunk before RCPT", Hello, From, "BDAT 3 LAST\r\nx"),
        new("a chunk of unknown length", Hello, From, To, "BDAT x"),
        new("DATA between chunks", Hello, From, To, "BDAT 3\r\nx", "DATA"),

        // RFC 5321 §4.1.1: commands.
        new("an empty line", ""),
        new("a line that begins with a blank", " NOOP"),
        new("an unknown command", "BLURDYBLOOP"),
        new("NOOP with words", "NOOP a b"),
        new("RSET with words", Hello, "RSET now"),
        new("DATA with words", Hello, From, To, "DATA now"),
        new("lower case", "ehlo client.example.org", "mail from:<john@example.org>", "rcpt to:<jane@example.com>"),
        new("blanks behind a command", Hello + "  ", From + " ", "RSET "),
        new("a TAB in place of a blank", Hello, "MAIL\tFROM:<john@example.org>"),
        new("VRFY", Hello, "VRFY jane"),
        new("EXPN", Hello, "EXPN list"),
        new("HELP", "HELP"),
        new("STARTTLS that was not announced", Hello, "STARTTLS"),
        new("MAIL TO", Hello, "MAIL TO:<john@example.org>"),
        new("RCPT FROM", Hello, From, "RCPT FROM:<jane@example.com>"),
        new("HELO without a name", "HELO"),
        new("EHLO without a name", "EHLO"),
        new("EHLO with an address literal", "EHLO [127.0.0.1]"),
        new("EHLO with a bad address literal", "EHLO [127.0.0.999]"),
        new("EHLO with two words", "EHLO two words"),
        new("EHLO with an octet that is no UTF-8", "EHLO caf\xE9.example.org"),
        new("EHLO with an underscore", "EHLO my_host.example.org"),

        // RFC 5321 §4.1.2: paths.
        new("a blank behind FROM:", Hello, "MAIL FROM: <john@example.org>"),
        new("a path without brackets", Hello, "MAIL FROM:john@example.org"),
        new("a path that does not close", Hello, "MAIL FROM:<john@example.org"),
        new("the null sender", Hello, "MAIL FROM:<>", To),
        new("the null recipient", Hello, From, "RCPT TO:<>"),
        new("a sender without a domain", Hello, "MAIL FROM:<john>"),
        new("<postmaster>", Hello, From, "RCPT TO:<postmaster>"),
        new("a source route", Hello, From, "RCPT TO:<@a.example,@b.example:jane@example.com>"),
        new("a quoted local part", Hello, "MAIL FROM:<\"john doe\"@example.org>"),
        new("a quoted bracket", Hello, "MAIL FROM:<\"a>b\"@example.org>"),
        new("two dots in a local part", Hello, "MAIL FROM:<john..doe@example.org>"),
        new("a local part that ends with a dot", Hello, "MAIL FROM:<john.@example.org>"),
        new("a local part of 64 octets", Hello, $"MAIL FROM:<{new string('a', 64)}@example.org>"),
        new("a local part of 65 octets", Hello, $"MAIL FROM:<{new string('a', 65)}@example.org>"),
        new("a label of 64 octets", Hello, $"MAIL FROM:<a@{new string('a', 64)}.org>"),
        new("a path of 300 octets", Hello, $"MAIL FROM:<a@{string.Join('.', Enumerable.Repeat(new string('b', 59), 5))}>"),
        new("an address literal", Hello, From, "RCPT TO:<jane@[127.0.0.1]>"),
        new("a bad address literal", Hello, From, "RCPT TO:<jane@[127.0.0.999]>"),
        new("a domain with a dot at its end", Hello, "MAIL FROM:<john@example.org.>"),
        new("UTF-8 in an address without SMTPUTF8", Hello, "MAIL FROM:<j\xC3\xB6hn@example.org>"),
        new("an octet that is no UTF-8 in an address", Hello, "MAIL FROM:<j\xF6hn@example.org>"),
        new("a control character in an address", Hello, "MAIL FROM:<jo\x01hn@example.org>"),

        // RFC 1870, RFC 6152, RFC 3461, RFC 5321 §4.1.1.11: parameters.
        new("SIZE", Hello, From + " SIZE=1000"),
        new("SIZE beyond the limit", Hello, From + " SIZE=99999999999"),
        new("SIZE that is no number", Hello, From + " SIZE=big"),
        new("BODY=8BITMIME", Hello, From + " BODY=8BITMIME"),
        new("BODY of an unknown kind", Hello, From + " BODY=9BIT"),
        new("an unknown parameter of MAIL", Hello, From + " FOO=bar"),
        new("an unknown parameter of RCPT", Hello, From, To + " FOO=bar"),
        new("a parameter twice", Hello, From + " SIZE=1 SIZE=2"),
        new("RET and ENVID", Hello, From + " RET=HDRS ENVID=abc"),
        new("RET of an unknown kind", Hello, From + " RET=SOME"),
        new("NOTIFY", Hello, From, To + " NOTIFY=SUCCESS,FAILURE"),
        new("NOTIFY=NEVER and another", Hello, From, To + " NOTIFY=NEVER,SUCCESS"),
        new("ORCPT without a type", Hello, From, To + " ORCPT=jane"),

        // RFC 5321 §4.5.3.1: lengths.
        new("a line of 512 octets", "NOOP " + new string('x', 505)),
        new("a line of 513 octets", "NOOP " + new string('x', 506)),
        new("a line of 4000 octets", "NOOP " + new string('x', 3993)),

        // RFC 5321 §2.3.8, §4.1.1.4, §4.5.2: line ends, and the end of data.
        new("NUL in a command", "NOOP a\0b"),
        new("a command that ends with LF", "NOOP\nNOOP"),
        new("a bare CR in a command", "NOOP a\rb"),
        new("an empty message", Hello, From, To, "DATA", "."),
        new("a message without a header", Hello, From, To, "DATA", "text\r\n."),
        new("dots of transparency", Hello, From, To, "DATA", "a: b\r\n\r\n..\r\n...\r\n.."  + "x\r\n."),
        new("8-bit text without BODY", Hello, From, To, "DATA", "a: b\r\n\r\n\xE9\xFF\r\n."),
        new("a text line of 1000 octets", Hello, From, To, "DATA", $"a: b\r\n\r\n{new string('x', 998)}\r\n."),
        new("a text line of 3000 octets", Hello, From, To, "DATA", $"a: b\r\n\r\n{new string('x', 2998)}\r\n."),
        new("NUL in a message", Hello, From, To, "DATA", "a: b\r\n\r\nx\0y\r\n."),
        new("a bare LF in a message", Hello, From, To, "DATA", "a: b\r\n\r\nx\ny\r\n."),
        new("a bare CR in a message", Hello, From, To, "DATA", "a: b\r\n\r\nx\ry\r\n."),
        new("LF . LF", Hello, From, To, "DATA", "a: b\r\n\r\nx\n.\nRSET\r\n."),
        new("LF . CRLF", Hello, From, To, "DATA", "a: b\r\n\r\nx\n.\r\nRSET\r\n."),
        new("CRLF . LF", Hello, From, To, "DATA", "a: b\r\n\r\nx\r\n.\nRSET\r\n."),
        new("CR . CR", Hello, From, To, "DATA", "a: b\r\n\r\nx\r.\rRSET\r\n."),
        new("CR . CRLF", Hello, From, To, "DATA", "a: b\r\n\r\nx\r.\r\nRSET\r\n."),
        new("CRLF . CR", Hello, From, To, "DATA", "a: b\r\n\r\nx\r\n.\rRSET\r\n."),
        new("CR CRLF . CRLF", Hello, From, To, "DATA", "a: b\r\n\r\nx\r\r\n."),
        new("CRLF NUL . CRLF", Hello, From, To, "DATA", "a: b\r\n\r\nx\r\n\0.\r\nRSET\r\n."),
    ];

    /// <summary>Every dialogue that leaves the session open and in clear, one behind the other without a wait (RFC 2920), and a QUIT.</summary>
    public static string AllInOne { get; } = InOne(All) + "QUIT\r\n";

    /// <summary>Those of the dialogues that leave the session open and in clear, one behind the other.</summary>
    public static string InOne(IEnumerable<Dialogue> dialogues) => string.Concat(dialogues
        .Where(dialogue => !dialogue.Octets.Replace("\r\n", "", StringComparison.Ordinal).AsSpan().ContainsAny('\r', '\n'))
        .Where(dialogue => !dialogue.Steps.Contains("STARTTLS") && !dialogue.Steps.Contains("BDAT x"))
        .Select(dialogue => dialogue.Octets + "RSET\r\n"));

    public override string ToString() => Name;
}
