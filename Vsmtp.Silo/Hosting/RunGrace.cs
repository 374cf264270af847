using Microsoft.Extensions.Hosting;

namespace Vsmtp.Silo.Hosting;

/// <summary>
/// How long rules that run may go on when the server stops. What has not decided by then has decided nothing: its commands are killed,
/// and the mail is judged at the next start.
/// </summary>
internal sealed class RunGrace : IDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _end = new();
    private readonly CancellationTokenRegistration _stopping;

    public RunGrace(IHostApplicationLifetime lifetime) => _stopping = lifetime.ApplicationStopping.Register(() => _end.CancelAfter(Grace));

    /// <summary>Cancelled when the time is over.</summary>
    public CancellationToken Token => _end.Token;

    public void Dispose()
    {
        _stopping.Dispose();
        _end.Dispose();
    }
}
