using System.Net;
using Vsmtp.Mail.Addresses;

namespace Vsmtp.Smtp.Commands;

/// <summary>Reads XCLIENT (Postfix XCLIENT_README): <c>NAME=xtext</c>, any number of them.</summary>
internal static class XClientSyntax
{
    /// <summary>What is announced. LOGIN is not: who has authenticated with a proxy is not known here.</summary>
    public const string Keywords = "NAME ADDR PORT PROTO HELO DESTADDR DESTPORT";

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
            if (equals < 0 || !XForwardSyntax.TryReadValue(word[(equals + 1)..], out var value)) return null;
            if (TemporarilyUnavailable.Equals(value, StringComparison.OrdinalIgnoreCase)) value = null;
            read = With(read!, word[..equals].ToUpperInvariant(), value);
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
        "DESTPORT" => TryReadPort(value, out var port) ? read with { ServerPort = port } : null,
        _ => null,
    };

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
