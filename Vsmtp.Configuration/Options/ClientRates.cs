namespace Vsmtp.Configuration.Options;

/// <summary>The tables <c>[server.smtp.rates.client]</c> and <c>[server.smtp.rates.network]</c>: what may come from one place. Default: anything.</summary>
public sealed record ClientRates
{
    /// <summary>Connections.</summary>
    public ClientRate? Connections { get; init; }

    /// <summary>MAIL commands.</summary>
    public ClientRate? Mails { get; init; }

    /// <summary>RCPT commands.</summary>
    public ClientRate? Recipients { get; init; }
}
