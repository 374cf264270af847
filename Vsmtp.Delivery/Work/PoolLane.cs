using Vsmtp.Smtp.Client;

namespace Vsmtp.Delivery.Work;

/// <summary>The way to one server: its connections, and how many mails may go at once.</summary>
internal sealed class PoolLane(SmtpConnectionPool pool, ITurns turns) : Lane(turns)
{
    public SmtpConnectionPool Pool { get; } = pool;

    public override bool IsKept => Pool.IdleCount > 0 || base.IsKept;

    public override async ValueTask DisposeAsync()
    {
        await Pool.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }
}
