using Microsoft.Extensions.Hosting;

namespace Vsmtp.Gateway.Listening;

/// <summary>Says to sessions that the server stops: each answers 421 at its next command (RFC 5321 §3.8) and ends.</summary>
internal sealed class SessionDrain(IHostApplicationLifetime lifetime)
{
    public CancellationToken Stopping => lifetime.ApplicationStopping;
}
