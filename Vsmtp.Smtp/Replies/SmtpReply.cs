using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Vsmtp.Smtp.Replies;

/// <summary>One answer of a server (RFC 5321 §4.2), whether we send it or got it.</summary>
public sealed record SmtpReply
{
    /// <param name="code">200 to 599.</param>
    /// <param name="enhanced">Null where the reply has none (RFC 2034 §4) or the other side sent none.</param>
    /// <param name="lines">The texts without codes and line ends; none is one empty line. Line breaks within a text part
    /// lines.</param>
    /// <exception cref="ArgumentOutOfRangeException">The code is no reply code.</exception>
    public SmtpReply(int code, EnhancedCode? enhanced, params IEnumerable<string> lines)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(code, 200);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(code, 599);
        Code = code;
        Enhanced = enhanced;
        var parts = ImmutableArray.CreateBuilder<string>(1);
        foreach (var line in lines)
        {
            if (line.AsSpan().ContainsAny('\r', '\n')) parts.AddRange(line.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries));
            else if (line.Length > 0) parts.Add(line);
        }

        if (parts.Count == 0) parts.Add("");
        Lines = parts.DrainToImmutable();
    }

    /// <summary>A reply without an enhanced code.</summary>
    public SmtpReply(int code, string text)
        : this(code, null, [text])
    {
    }

    /// <summary>A reply of one line.</summary>
    /// <param name="enhanced">As <c>5.7.1</c>.</param>
    /// <exception cref="FormatException">The enhanced code is none.</exception>
    public SmtpReply(int code, string enhanced, string text)
        : this(code, EnhancedCode.TryParse(enhanced, out var read) ? read : throw new FormatException(enhanced), [text])
    {
    }

    public int Code { get; }

    public EnhancedCode? Enhanced { get; }

    /// <summary>At least one; texts without codes and line ends.</summary>
    public ImmutableArray<string> Lines { get; }

    /// <summary>All lines, parted by LF.</summary>
    public string Text => Lines is [var only] ? only : string.Join('\n', Lines);

    /// <summary>The enhanced code with a blank behind it; empty where there is none. Kept, since most replies are given again and again.</summary>
    internal string EnhancedPrefix => field ??= Enhanced is { } code ? $"{code} " : "";

    /// <summary>The command was done: 2yz.</summary>
    public bool IsPositive => Code is >= 200 and < 300;

    /// <summary>The server waits for more: 3yz.</summary>
    public bool IsIntermediate => Code is >= 300 and < 400;

    /// <summary>A later try may succeed: 4yz.</summary>
    public bool IsTransient => Code is >= 400 and < 500;

    /// <summary>The same command will not succeed: 5yz.</summary>
    public bool IsPermanent => Code >= 500;

    /// <summary>4yz or 5yz.</summary>
    public bool IsNegative => Code >= 400;

    /// <summary>Reads lines as they stand on the wire or as <see cref="ToString"/> writes them, parted by CRLF or LF.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out SmtpReply? reply) =>
        SmtpReplyParser.TryParse(text.TrimEnd('\r', '\n').Split('\n').Select(line => line.TrimEnd('\r')), out reply);

    /// <summary>
    /// This reply's lines, then the other's, under the other's code (the last answer before the server hangs up).
    /// </summary>
    public SmtpReply Then(SmtpReply last) => new(last.Code, last.Enhanced, Lines.AddRange(last.Lines));

    /// <summary>The same reply for a client that was not offered ENHANCEDSTATUSCODES.</summary>
    public SmtpReply WithoutEnhanced() => Enhanced is null ? this : new(Code, null, Lines);

    public bool Equals(SmtpReply? other) =>
        other is not null && Code == other.Code && Enhanced == other.Enhanced && Lines.SequenceEqual(other.Lines);

    public override int GetHashCode() => HashCode.Combine(Code, Enhanced, Lines[0], Lines.Length);

    /// <summary>Each line as on the wire, with its codes; parted by LF.</summary>
    public override string ToString() => string.Join('\n', Lines.Select((line, i) => Format(line, i == Lines.Length - 1)));

    private string Format(string line, bool isLast)
    {
        var start = $"{Code.ToString(CultureInfo.InvariantCulture)}{(isLast ? ' ' : '-')}";
        return Enhanced is { } enhanced ? $"{start}{enhanced} {line}" : start + line;
    }
}
