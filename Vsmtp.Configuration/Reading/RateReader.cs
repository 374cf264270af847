using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using Vsmtp.Configuration.Options;

namespace Vsmtp.Configuration.Reading;

/// <summary>Reads <c>[server.smtp.rates]</c>.</summary>
internal static class RateReader
{
    private const string Expected = "a number and a duration such as \"60/1m\"";

    public static RateOptions Read(TableReader rates)
    {
        var options = new RateOptions
        {
            Client = ReadRates(rates.Table("client")),
            Network = ReadRates(rates.Table("network")),
            Exempt = rates.List("exempt", ImmutableArray<IPNetwork>.Empty, AddressRange.TryParse, AddressRange.Expected),
        };
        rates.Close();
        return options;
    }

    public static string Format(ClientRate rate) =>
        string.Create(CultureInfo.InvariantCulture, $"{rate.Count}/{HumanDuration.Format(rate.Per)}");

    private static ClientRates ReadRates(TableReader place)
    {
        var rates = new ClientRates
        {
            Connections = place.Parse<ClientRate>("connections", null, TryParse, Expected),
            Mails = place.Parse<ClientRate>("mails", null, TryParse, Expected),
            Recipients = place.Parse<ClientRate>("recipients", null, TryParse, Expected),
        };
        place.Close();
        return rates;
    }

    private static bool TryParse(string text, [MaybeNullWhen(false)] out ClientRate rate)
    {
        rate = null;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || !int.TryParse(text.AsSpan(0, slash).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count < 1) return false;
        if (!HumanDuration.TryParse(text[(slash + 1)..].Trim(), out var per) || per <= TimeSpan.Zero || per > TimeSpan.FromDays(1)) return false;
        rate = new ClientRate(count, per);
        return true;
    }
}
