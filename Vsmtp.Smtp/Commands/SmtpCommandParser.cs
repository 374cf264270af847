using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Vsmtp.Mail.Addresses;
using Vsmtp.Smtp.Server;

namespace Vsmtp.Smtp.Commands;

/// <summary>Reads command lines (RFC 5321 §4.1.1).</summary>
public static class SmtpCommandParser
{
    /// <param name="line">Without its CRLF.</param>
    /// <param name="extensions">What is announced: the parameters of other extensions are unknown.</param>
    /// <param name="command">Null when there is a fault.</param>
    public static CommandFault Parse(ReadOnlySpan<byte> line, SmtpExtensions extensions, out SmtpCommand? command)
    {
        command = null;
        if (line.IsEmpty || line[0] is (byte)' ' or (byte)'\t') return CommandFault.BadLine;

        var blank = line.IndexOfAny((byte)' ', (byte)'\t');
        var word = blank < 0 ? line : line[..blank];
        var verb = SmtpVerbs.Find(word);
        var fault = Parse(verb, line, blank, extensions, out command);
        return fault != CommandFault.None && verb is SmtpVerb.Bdat ? CommandFault.BadChunk : fault;
    }

    private static CommandFault Parse(SmtpVerb verb, ReadOnlySpan<byte> line, int blank, SmtpExtensions extensions, out SmtpCommand? command)
    {
        command = null;
        if (line.Length + 2 > SmtpCommandLimits.For(verb)) return CommandFault.LineTooLong;
        if (line.Contains((byte)0) || !Utf8.IsValid(line)) return CommandFault.BadLine;

        // RFC 5321 §4.1.1: white space before the CRLF is tolerated.
        var arguments = blank < 0 ? "" : Encoding.UTF8.GetString(line[blank..]).Trim(' ', '\t');
        return arguments.Any(c => char.IsControl(c) && c != '\t')
            ? CommandFault.BadArguments
            : Parse(verb, arguments, extensions, out command);
    }

    private static CommandFault Parse(SmtpVerb verb, string arguments, SmtpExtensions extensions, out SmtpCommand? command)
    {
        switch (verb)
        {
            case SmtpVerb.Mail: return ParseMail(arguments, extensions, out command);
            case SmtpVerb.Rcpt: return ParseRcpt(arguments, extensions, out command);
            case SmtpVerb.XForward: return ParseXForward(arguments, extensions, out command);
            default:
                command = ParseOther(verb, arguments);
                return command is null ? CommandFault.BadArguments : CommandFault.None;
        }
    }

    private static SmtpCommand? ParseOther(SmtpVerb verb, string arguments)
    {
        var words = arguments.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        return verb switch
        {
            SmtpVerb.Helo => DomainName.IsValid(arguments) ? new SmtpCommand.Helo(arguments) : null,
            SmtpVerb.Ehlo => TryReadClientName(arguments, out var name) ? new SmtpCommand.Ehlo(name) : null,
            SmtpVerb.Data => words.Length == 0 ? new SmtpCommand.Data() : null,
            SmtpVerb.Rset => words.Length == 0 ? new SmtpCommand.Rset() : null,
            SmtpVerb.Quit => words.Length == 0 ? new SmtpCommand.Quit() : null,
            SmtpVerb.StartTls => words.Length == 0 ? new SmtpCommand.StartTls() : null,
            SmtpVerb.Noop => new SmtpCommand.Noop(),
            SmtpVerb.Vrfy => IsQuery(words) ? new SmtpCommand.Vrfy(words[0]) : null,
            SmtpVerb.Expn => IsQuery(words) ? new SmtpCommand.Expn(words[0]) : null,
            SmtpVerb.Help => words.Length <= 1 ? new SmtpCommand.Help(words.FirstOrDefault()) : null,
            SmtpVerb.Auth => words.Length is 1 or 2 ? new SmtpCommand.Auth(words[0], words.ElementAtOrDefault(1)) : null,
            SmtpVerb.Bdat => ParseBdat(words),
            SmtpVerb.XClient => XClientSyntax.Read(arguments) is { } attributes ? new SmtpCommand.XClient(attributes) : null,
            _ => new SmtpCommand.Unknown(),
        };
    }

    private static CommandFault ParseMail(string arguments, SmtpExtensions extensions, out SmtpCommand? command)
    {
        command = null;
        if (!TryTakePath(arguments, "FROM:", out var pathText, out var rest)) return CommandFault.BadArguments;
        if (!ReversePath.TryParse(pathText, out var path)) return CommandFault.BadSender;
        var fault = EsmtpParameters.ReadMail(rest, extensions, out var parameters);
        if (fault == CommandFault.None) command = new SmtpCommand.Mail(path, parameters);
        return fault;
    }

    private static CommandFault ParseRcpt(string arguments, SmtpExtensions extensions, out SmtpCommand? command)
    {
        command = null;
        if (!TryTakePath(arguments, "TO:", out var pathText, out var rest)) return CommandFault.BadArguments;
        if (!ForwardPath.TryParse(pathText, out var path)) return CommandFault.BadRecipient;
        var fault = EsmtpParameters.ReadRcpt(rest, extensions, out var parameters);
        if (fault == CommandFault.None) command = new SmtpCommand.Rcpt(path, parameters);
        return fault;
    }

    private static CommandFault ParseXForward(string arguments, SmtpExtensions extensions, out SmtpCommand? command)
    {
        var isAnnounced = extensions.HasFlag(SmtpExtensions.XForward);
        var attributes = isAnnounced ? XForwardSyntax.Read(arguments) : null;
        command = isAnnounced && attributes is null ? null : new SmtpCommand.XForward(attributes, arguments);
        return command is null ? CommandFault.BadArguments : CommandFault.None;
    }

    /// <summary>
    /// Parts <c>FROM:&lt;path&gt; parameters</c>. Blanks behind the colon are no part of RFC 5321, but clients send them.
    /// </summary>
    private static bool TryTakePath(string arguments, string keyword, out ReadOnlySpan<char> path, out ReadOnlySpan<char> rest)
    {
        path = rest = default;
        if (!arguments.StartsWith(keyword, StringComparison.OrdinalIgnoreCase)) return false;
        var text = arguments.AsSpan(keyword.Length).TrimStart(" \t");
        var end = FindPathEnd(text);
        if (end < 0) return false;
        path = text[..end];
        rest = text[end..];
        return rest.IsEmpty || rest[0] is ' ' or '\t';
    }

    /// <summary>Behind the closing bracket; one in a quoted local part does not close. -1 when there is none.</summary>
    private static int FindPathEnd(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || text[0] != '<') return -1;
        var isQuoted = false;
        for (var i = 1; i < text.Length; i++)
        {
            if (text[i] == '\\' && isQuoted) i++;
            else if (text[i] == '"') isQuoted = !isQuoted;
            else if (text[i] == '>' && !isQuoted) return i + 1;
        }

        return -1;
    }

    /// <summary>RFC 5321 §4.1.1.1: EHLO takes an address literal where there is no name.</summary>
    private static bool TryReadClientName(string text, [NotNullWhen(true)] out string? name)
    {
        name = AddressLiteral.TryParse(text, out var address) ? address.ToString() : DomainName.IsValid(text) ? text : null;
        return name is not null;
    }

    /// <summary>RFC 6531 §3.7.4.2: VRFY and EXPN may say SMTPUTF8.</summary>
    private static bool IsQuery(string[] words) =>
        words.Length == 1 || (words.Length == 2 && words[1].Equals("SMTPUTF8", StringComparison.OrdinalIgnoreCase));

    private static SmtpCommand.Bdat? ParseBdat(string[] words)
    {
        if (words.Length is not (1 or 2)) return null;
        if (!long.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out var bytes)) return null;
        if (words.Length == 1) return new SmtpCommand.Bdat(bytes, IsLast: false);
        return words[1].Equals("LAST", StringComparison.OrdinalIgnoreCase) ? new SmtpCommand.Bdat(bytes, IsLast: true) : null;
    }
}
