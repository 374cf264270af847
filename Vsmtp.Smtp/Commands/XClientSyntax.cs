using System.Net;
using Vsmtp.Mail.Addresses;
using Vsmtp.Mail.Text;
using Vsmtp.Smtp.Server.Authentication;

namespace Vsmtp.Smtp.Commands;

/// <summary>Reads XCLIENT (Postfix XCLIENT_README): <c>NAME=xtext</c>, any number of them.</summary>
internal static class XClientSyntax
{
    /// <summary>What is announced.</summary>
    public const string Keywords = "NAME ADDR PORT PROTO HELO DESTADDR DESTPORT";

    /// <summary>Announced too where clients authenticate.</summary>
    public const string Login = "LOGIN";

    private const string TemporarilyUnavailable = "[TEMPUNAVAIL]";

    /// <summary>Reads what follows the verb. Of an attribute that comes twice the last counts, as with Postfix.</summary>
    /// <returns>Null without ADDR, for an attribute that there is not, and a value that it cannot have.</returns>
    public static XClientAttributes? Read(string text)
    {
        var words = text.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        var read = words.Length == 0 ? null : new XClientAttributes();
        foreach (var word in words)
        {
            var equals = word.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0) return null;
            var (keyword, written) = (word[..equals].ToUpperInvariant(), word[(equals + 1)..]);
            string? value;
            // Any name that a user can have; other values end in headers and logs as they are.
            if (keyword == Login ? !TryReadLogin(written, out value) : !XForwardSyntax.TryReadValue(written, out value)) return null;
            if (TemporarilyUnavailable.Equals(value, StringComparison.OrdinalIgnoreCase)) value = null;
            read = With(read!, keyword, value);
            if (read is null) return null;
        }

        return read?.Address.Equals(IPAddress.None) is false ? read : null;
    }

    private static XClientAttributes? With(XClientAttributes read, string keyword, string? value) => keyword switch
    {
        "NAME" or "PROTO" or "HELO" => read,
        "ADDR" => TryReadAddress(value, out var client) && client is not null ? read with { Address = client } : null,
        "DESTADDR" => TryReadAddress(value, out var server) ? read with { ServerAddress = server } : null,
        "PORT" => TryReadPort(value, out var port) ? read with { Port = port } : null,
        Login => read with { Login = value },
        "DESTPORT" => TryReadPort(value, out var port) ? read with { ServerPort = port } : null,
        _ => null,
    };

    private static bool TryReadLogin(string written, out string? name)
    {
        name = null;
        return XForwardSyntax.IsUnavailable(written) || (XText.TryDecode(written, out var text) && SaslNames.TryPrepare(text, out name));
    }

    private static bool TryReadAddress(string? value, out IPAddress? address)
    {
        address = null;
        return value is null || AddressLiteral.TryParse($"[{value}]", out address);
    }

    private static bool TryReadPort(string? value, out int? port)
    {
        port = value is null ? null : XForwardSyntax.ReadPort(value);
        return value is null || port is not null;
    }
}
