using System.Globalization;
using Vsmtp.Mail.Text;
using Vsmtp.Smtp.Server;

namespace Vsmtp.Smtp.Commands;

/// <summary>Reads what follows the path of MAIL and RCPT (RFC 5321 §4.1.2: esmtp-keyword, and esmtp-value if any).</summary>
internal static class EsmtpParameters
{
    private const int MaxSizeDigits = 20;
    private const int MaxEnvidLength = 100;
    private const int MaxOrcptLength = 500;
    private const int MaxAuthLength = 500;

    private delegate CommandFault Reader<T>(ref T parameters, string keyword, string? value, SmtpExtensions extensions);

    public static CommandFault ReadMail(ReadOnlySpan<char> text, SmtpExtensions extensions, out MailParameters parameters)
    {
        parameters = MailParameters.None;
        return Read(text, ref parameters, extensions, ReadMailParameter);
    }

    public static CommandFault ReadRcpt(ReadOnlySpan<char> text, SmtpExtensions extensions, out RcptParameters parameters)
    {
        parameters = RcptParameters.None;
        return Read(text, ref parameters, extensions, ReadRcptParameter);
    }

    private static CommandFault Read<T>(ReadOnlySpan<char> text, ref T parameters, SmtpExtensions extensions, Reader<T> read)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var range in text.SplitAny(" \t"))
        {
            var word = text[range];
            if (word.IsEmpty) continue;
            var equals = word.IndexOf('=');
            var keyword = (equals < 0 ? word : word[..equals]).ToString().ToUpperInvariant();
            // One more keyword than there are could only be a repetition: RFC 5321 §4.1.1.11 leaves no meaning to it.
            if (!seen.Add(keyword)) return CommandFault.BadArguments;
            var value = equals < 0 ? null : word[(equals + 1)..].ToString();
            if (read(ref parameters, keyword, value, extensions) is var fault and not CommandFault.None) return fault;
        }

        return CommandFault.None;
    }

    private static CommandFault ReadMailParameter(
        ref MailParameters parameters, string keyword, string? value, SmtpExtensions extensions)
    {
        MailParameters? next;
        switch (keyword)
        {
            case "SIZE" when extensions.HasFlag(SmtpExtensions.Size):
                next = TryReadSize(value, out var size) ? parameters with { DeclaredBytes = size } : null;
                break;
            case "BODY" when extensions.HasFlag(SmtpExtensions.EightBitMime):
                next = ReadBody(value) is { } body ? parameters with { Body = body } : null;
                break;
            case "SMTPUTF8" when extensions.HasFlag(SmtpExtensions.SmtpUtf8):
                // RFC 6531 §3.4: the parameter has no value.
                next = value is null ? parameters with { IsSmtpUtf8 = true } : null;
                break;
            case "RET" when extensions.HasFlag(SmtpExtensions.Dsn):
                next = ReadReturn(value) is { } ret ? parameters with { Return = ret } : null;
                break;
            case "ENVID" when extensions.HasFlag(SmtpExtensions.Dsn):
                next = IsXText(value, MaxEnvidLength) ? parameters with { EnvelopeId = value } : null;
                break;
            case "AUTH":
                // Taken without AUTH being announced: what a service passes on of our own MAIL must come back.
                next = value == "<>" || IsXText(value, MaxAuthLength) ? parameters with { Auth = value } : null;
                break;
            default:
                return CommandFault.UnknownParameter;
        }

        parameters = next ?? parameters;
        return next is null ? CommandFault.BadArguments : CommandFault.None;
    }

    private static CommandFault ReadRcptParameter(
        ref RcptParameters parameters, string keyword, string? value, SmtpExtensions extensions)
    {
        if (!extensions.HasFlag(SmtpExtensions.Dsn)) return CommandFault.UnknownParameter;
        switch (keyword)
        {
            case "NOTIFY" when ReadNotify(value) is { } notify:
                parameters = parameters with { Notify = notify };
                return CommandFault.None;
            case "ORCPT" when IsOriginalRecipient(value):
                parameters = parameters with { OriginalRecipient = value };
                return CommandFault.None;
            case "NOTIFY" or "ORCPT":
                return CommandFault.BadArguments;
            default:
                return CommandFault.UnknownParameter;
        }
    }

    /// <summary>RFC 1870 §3: 1*20DIGIT; more than fits a long is too big for us all the same.</summary>
    private static bool TryReadSize(string? value, out long size)
    {
        size = 0;
        if (value is not { Length: >= 1 and <= MaxSizeDigits } || value.AsSpan().ContainsAnyExceptInRange('0', '9')) return false;
        if (!long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out size)) size = long.MaxValue;
        return true;
    }

    private static BodyKind? ReadBody(string? value) => value?.ToUpperInvariant() switch
    {
        "7BIT" => BodyKind.SevenBit,
        "8BITMIME" => BodyKind.EightBitMime,
        _ => null,
    };

    private static DsnReturn? ReadReturn(string? value) => value?.ToUpperInvariant() switch
    {
        "FULL" => DsnReturn.Full,
        "HDRS" => DsnReturn.Headers,
        _ => null,
    };

    /// <summary>RFC 3461 §4.1: NEVER alone, or a list of the others.</summary>
    private static DsnNotify? ReadNotify(string? value)
    {
        if (value is null) return null;
        var words = value.ToUpperInvariant().Split(',');
        if (words is ["NEVER"]) return DsnNotify.Never;
        var notify = DsnNotify.Never;
        foreach (var word in words)
        {
            var flag = word switch
            {
                "SUCCESS" => DsnNotify.Success,
                "FAILURE" => DsnNotify.Failure,
                "DELAY" => DsnNotify.Delay,
                _ => DsnNotify.Never,
            };
            if (flag == DsnNotify.Never) return null;
            notify |= flag;
        }

        return notify;
    }

    /// <summary>RFC 3461 §4.2: <c>addr-type;xtext</c>; RFC 6533 §3 lets type utf-8 have octets beyond ASCII.</summary>
    private static bool IsOriginalRecipient(string? value)
    {
        if (value is not { Length: <= MaxOrcptLength }) return false;
        var semicolon = value.IndexOf(';', StringComparison.Ordinal);
        if (semicolon < 1 || semicolon == value.Length - 1) return false;
        var (type, address) = (value[..semicolon], value[(semicolon + 1)..]);
        if (!type.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_')) return false;
        return type.Equals("utf-8", StringComparison.OrdinalIgnoreCase)
            ? !address.Any(c => char.IsControl(c) || c == '=')
            : XText.TryDecode(address, out _);
    }

    private static bool IsXText(string? value, int maxLength) =>
        value is { Length: >= 1 } && value.Length <= maxLength
        && XText.TryDecode(value, out var text) && !text.Any(char.IsControl);
}
