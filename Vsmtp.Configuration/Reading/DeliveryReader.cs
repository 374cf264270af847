using System.Diagnostics.CodeAnalysis;
using Vsmtp.Configuration.Options;
using Vsmtp.Configuration.Toml;
using Vsmtp.Mail.Transfer;
using MailAddress = Vsmtp.Mail.Addresses.MailAddress;

namespace Vsmtp.Configuration.Reading;

/// <summary>Reads <c>[server.delivery]</c>.</summary>
internal static class DeliveryReader
{
    private const string RelayHost = "relayhost";

    public static DeliveryOptions Read(TableReader delivery)
    {
        var options = new DeliveryOptions
        {
            RelayHost = ReadRelay(delivery),
            Tls = DestinationTlsReader.Read(delivery.Table("tls")),
            MxPort = delivery.Integer("mx_port", 25, max: ushort.MaxValue),
            MtaStsPort = delivery.Integer("mta_sts_port", 443, max: ushort.MaxValue),
            DelayWarning = delivery.Find("delay_warning") is null ? null : delivery.Duration("delay_warning", TimeSpan.Zero),
            Postmaster = delivery.Parse<MailAddress>("postmaster", null, TryParseAddress, "a mail address"),
            MaildirRoot = delivery.FilePath("maildir_root", null),
        };
        if (options.RelayHost is { Credentials: not null, Tls: not TlsLevel.Verify } open && !ThisMachine.IsNamedBy(open.Host))
        {
            delivery.Warning(RelayHost, "has a password and not tls=verify: whoever stands between this server and the relay host can have it");
        }

        if (options.RelayHost is not null && delivery.Find("tls") is not null)
        {
            delivery.Warning("tls", $"has no effect beside {delivery.NameOf(RelayHost)}, which says itself what of TLS it must have: no mail leaves by MX");
        }

        delivery.Close();
        return options;
    }

    /// <summary>As <c>host:port</c> if that says all, else as a URL. Without a password.</summary>
    public static string Format(ForwardUrl relay)
    {
        var plain = new HostAndPort(relay.Host, relay.Port).ToString();
        return Of(relay.Host, relay.Port) == relay && HostAndPort.TryParse(plain, out _) ? plain : relay.ToString();
    }

    private static ForwardUrl Of(string host, int port) =>
        new(host, port, TransferProtocol.Smtp, ThisMachine.IsNamedBy(host) ? TlsLevel.None : TlsLevel.May, IsTlsFirst: false);

    /// <summary>What is wrong is said without the value and its line, which may hold a password at a place that no mask knows.</summary>
    private static ForwardUrl? ReadRelay(TableReader delivery)
    {
        if (delivery.Find(RelayHost) is not { } value) return null;
        var fault = TryRead(value, out var relay);
        if (fault is not null) delivery.Context.Error(value.Mark.Place with { SourceLine = null }, $"{delivery.NameOf(RelayHost)} {fault}");
        return relay;
    }

    /// <returns>What is wrong, behind the name of the key; null if it is good.</returns>
    private static string? TryRead(TomlValue value, out ForwardUrl? relay)
    {
        const string form = "must be \"host:port\" or a URL such as \"smtp://user:password@host:port?tls=verify\"";
        relay = null;
        if (TableReader.TextOf(value) is not { } text) return $"{form}, not {value.TypeName}";
        if (!text.Contains(ForwardUrl.Mark, StringComparison.Ordinal))
        {
            if (!HostAndPort.TryParse(text, out var plain)) return form;
            relay = Of(plain.Host.ToLowerInvariant(), plain.Port);
            return null;
        }

        if (!ForwardUrl.TryParse(text, out var url, out var fault)) return $"is no URL of a server: {fault}";
        if (url is { Credentials: not null, Tls: TlsLevel.None } && !ThisMachine.IsNamedBy(url.Host))
        {
            return "has a password, which tls=none would send in clear";
        }

        relay = url;
        return null;
    }

    private static bool TryParseAddress(string text, [NotNullWhen(true)] out MailAddress? address) => MailAddress.TryParse(text, out address);
}
